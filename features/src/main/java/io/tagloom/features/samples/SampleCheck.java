package io.tagloom.features.samples;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.tagloom.conf.InputException;
import io.tagloom.conf.Settings;
import io.tagloom.features.logs.LogTable;
import io.tagloom.features.logs.Logs;
import io.tagloom.features.logs.ReadFailure;
import io.tagloom.features.logs.ReadRange;
import io.tagloom.features.logs.RowRules;
import java.time.LocalDate;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * What the label join of a date would meet, without joining or writing: the logs are counted as the
 * join counts them, with the same refusals, and the keys of a sample are looked up. Immutable.
 *
 * <p>The sample is drawn by a hash of the key, the same on both sides, so that what is there is
 * found.
 */
public final class SampleCheck {
  /** About so many rows of a log are looked up. */
  private static final long SAMPLE = 200_000;

  private static final LocalDate FIRST = LocalDate.of(1970, 1, 2);
  private static final LocalDate LAST = LocalDate.of(9999, 12, 31);

  private final Logs logs;
  private final JoinRules rules;
  private final Map<LogTable, LogCounts> counts;
  private final Map<String, long[]> found;
  private final List<String> warnings;

  private SampleCheck(
      Logs logs,
      JoinRules rules,
      Map<LogTable, LogCounts> counts,
      Map<String, long[]> found,
      List<String> warnings) {
    this.logs = logs;
    this.rules = rules;
    this.counts = counts;
    this.found = Collections.unmodifiableMap(found);
    this.warnings = Collections.unmodifiableList(warnings);
  }

  /**
   * Looks at the logs and the snapshots.
   *
   * @param logs tables at the versions that are read
   * @param date the date of a run; without one all rows are counted, and no day is missed
   * @throws InputException where the join would throw one before it writes
   */
  public static SampleCheck of(Logs logs, Settings settings, Optional<LocalDate> date) {
    ReadRange range =
        date.map(day -> ReadRange.of(settings.samples(), day))
            .orElse(ReadRange.between(FIRST, LAST));
    JoinRules rules = new JoinRules(settings.samples(), range, settings.run().seed());
    Survey survey = new Survey(logs, rules, Long.MAX_VALUE);
    if (date.isPresent()) {
      survey.expectDate();
    }
    Map<LogTable, LogCounts> counts = new EnumMap<>(LogTable.class);
    Map<LogTable, Dataset<Row>> rows = new EnumMap<>(LogTable.class);
    for (LogTable table : LogTable.values()) {
      rows.put(table, logs.rows(table, range));
      counts.put(table, survey.of(table, rows.get(table)));
    }
    if (date.isPresent()) {
      survey.expectEvents(counts, settings.evaluation().undefined());
    }
    SampleCheck check;
    try {
      check =
          new SampleCheck(
              logs,
              rules,
              counts,
              new Lookup(counts, rows).found(logs.users(last(date)), logs.items(last(date))),
              new Findings(null, rules, logs).warnings(counts));
    } catch (Exception e) {
      // Spark throws SparkException without declaring it.
      throw ReadFailure.of(logs.all(), e);
    }
    check.refuseOrphans();
    return check;
  }

  private static LocalDate last(Optional<LocalDate> date) {
    return date.orElse(LAST);
  }

  private void refuseOrphans() {
    for (LogTable table : new LogTable[] {LogTable.CLICKS, LogTable.CONVERSIONS}) {
      long[] known = found.get(table.title());
      Findings.checkOrphans(rules, logs, table, known[1] - known[0], known[1]);
    }
  }

  /** The looking up of keys. */
  private static final class Lookup {
    private final Map<LogTable, LogCounts> counts;
    private final Map<LogTable, Dataset<Row>> rows;

    Lookup(Map<LogTable, LogCounts> counts, Map<LogTable, Dataset<Row>> rows) {
      this.counts = counts;
      this.rows = rows;
    }

    Map<String, long[]> found(Dataset<Row> users, Dataset<Row> items) {
      Dataset<Row> impressions = taken(LogTable.IMPRESSIONS);
      Dataset<Row> clicks = taken(LogTable.CLICKS);
      Column noImpression = col("impression_id").isNull();
      Column noClick = col("click_id").isNull();
      Map<String, long[]> found = new LinkedHashMap<>();
      found.put(
          "clicks",
          sum(
              known(
                  LogTable.CLICKS, clicks.filter(not(noImpression)), impressions, "impression_id"),
              known(
                  LogTable.CLICKS,
                  clicks.filter(noImpression),
                  impressions,
                  "user_id",
                  "item_id")));
      Dataset<Row> conversions = taken(LogTable.CONVERSIONS);
      found.put(
          "conversions",
          sum(
              known(LogTable.CONVERSIONS, conversions.filter(not(noClick)), clicks, "click_id"),
              known(
                  LogTable.CONVERSIONS,
                  conversions.filter(noClick.and(not(noImpression))),
                  impressions,
                  "impression_id"),
              known(
                  LogTable.CONVERSIONS,
                  conversions.filter(noClick.and(noImpression)),
                  impressions,
                  "user_id",
                  "item_id")));
      found.put("users", known(LogTable.IMPRESSIONS, impressions, users, "user_id"));
      found.put("items", known(LogTable.IMPRESSIONS, impressions, items, "item_id"));
      return found;
    }

    private Dataset<Row> taken(LogTable table) {
      return rows.get(table).filter(col(RowRules.OUTCOME).equalTo(lit(RowRules.TAKEN)));
    }

    /** Rows of a sample whose key is there, and all rows of the sample. */
    private long[] known(LogTable log, Dataset<Row> asked, Dataset<Row> there, String... keys) {
      long oneIn = 1 + counts.get(log).taken() / SAMPLE;
      Column[] names = new Column[keys.length];
      for (int i = 0; i < keys.length; i++) {
        names[i] = col(keys[i]);
      }
      Column drawn = pmod(xxhash64(names), lit(oneIn)).equalTo(lit(0L));
      Dataset<Row> known = there.select(names).filter(drawn).distinct();
      Column same = lit(true);
      for (String key : keys) {
        known = known.withColumnRenamed(key, "known_" + key);
        same = same.and(col(key).equalTo(col("known_" + key)));
      }
      Column is = col("known_" + keys[0]).isNotNull();
      Row row =
          asked
              .select(names)
              .filter(drawn)
              .join(known, same, "left_outer")
              .agg(
                  coalesce(functions.sum(when(is, lit(1L)).otherwise(lit(0L))), lit(0L)),
                  count(lit(1)))
              .first();
      return new long[] {row.getLong(0), row.getLong(1)};
    }

    private static long[] sum(long[]... parts) {
      long[] sum = new long[2];
      for (long[] part : parts) {
        sum[0] += part[0];
        sum[1] += part[1];
      }
      return sum;
    }
  }

  /** Rows of a log that break no rule. */
  public long rows(LogTable log) {
    return counts.get(log).taken();
  }

  /** Rows of a log by the rule that they break, and late ones. */
  public SortedMap<String, Long> others(LogTable log) {
    return counts.get(log).others();
  }

  /** The days of which a log has rows that break no rule, ascending. */
  public SortedSet<LocalDate> days(LogTable log) {
    SortedSet<LocalDate> days = new TreeSet<>();
    counts
        .get(log)
        .byDay()
        .forEach(
            (day, outcomes) -> {
              if (outcomes.containsKey(RowRules.TAKEN)) {
                days.add(LocalDate.ofEpochDay(day));
              }
            });
    return days;
  }

  /** Rows of a log outside the days that are read. */
  public long outside(LogTable log) {
    return counts.get(log).outside().values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Of a sample, what is found: of {@code clicks} and {@code conversions} those whose impression or
   * click is there, whatever the time; of impressions those whose user is in {@code users}, whose
   * item is in {@code items}. Each {found, looked up}.
   */
  public Map<String, long[]> found() {
    return found;
  }

  /** How the files of a log are stored: number, formats, compression; nothing without files. */
  public Optional<String> stored(LogTable log) {
    return logs.stored(log, rules.range());
  }

  /** What a person should look at, a line each. */
  public List<String> warnings() {
    return warnings;
  }
}
