package io.tagloom.features.samples;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.rand;
import static org.apache.spark.sql.functions.when;

import io.tagloom.conf.EvaluationSettings.Undefined;
import io.tagloom.conf.InputException;
import io.tagloom.features.logs.HotKeys;
import io.tagloom.features.logs.LogTable;
import io.tagloom.features.logs.Logs;
import io.tagloom.features.logs.ReadFailure;
import io.tagloom.features.logs.RowRules;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The first look at a log: one pass over its key columns that counts, finds busy keys, and fails
 * before anything is written where the log cannot be read, is empty, or has too many broken rows.
 */
final class Survey {
  private static final String WATCH = "watch";

  /** One row in so many is watched for busy keys of either kind. */
  private static final int WATCHED = 16;

  private final Logs logs;
  private final JoinRules rules;
  private final long busyRows;

  /**
   * @param busyRows rows of one key from which on its work is divided
   */
  Survey(Logs logs, JoinRules rules, long busyRows) {
    this.logs = logs;
    this.rules = rules;
    this.busyRows = busyRows;
  }

  /** Checks that the impressions have the date of the run, where their folders tell. */
  void expectDate() {
    Optional<String> without = logs.without(LogTable.IMPRESSIONS, rules.range().asOf());
    if (without.isPresent()) {
      throw new InputException(
          "Cannot build samples of "
              + rules.range().asOf()
              + ": impressions "
              + without.get()
              + ". Wait for the job that writes it or choose another date.");
    }
  }

  /** Checks that the impressions have rows of the date of the run. */
  void expectDate(LogCounts impressions) {
    LocalDate date = rules.range().asOf();
    if (impressions.taken((int) date.toEpochDay()) == 0) {
      throw new InputException(
          "Cannot build samples of "
              + date
              + ": impressions has no row of that day (UTC) in "
              + logs.settings(LogTable.IMPRESSIONS).place()
              + "; it has "
              + impressions.span()
              + ". Choose another date or check the job that writes it.");
    }
  }

  /**
   * Checks that clicks and conversions are not without rows on more of the last days than allowed.
   *
   * @param undefined whether a run without any label may go on
   * @throws InputException when it is not so
   */
  void expectEvents(Map<LogTable, LogCounts> counts, Undefined undefined) {
    LocalDate date = rules.range().asOf();
    LogCounts impressions = counts.get(LogTable.IMPRESSIONS);
    int allowed = rules.settings().maxEmptyDays();
    for (LogTable table : new LogTable[] {LogTable.CLICKS, LogTable.CONVERSIONS}) {
      SortedSet<LocalDate> empty = counts.get(table).emptyDays(impressions, date);
      if (empty.size() > allowed) {
        throw new InputException(
            "Cannot build samples of "
                + date
                + ": "
                + table.title()
                + " has no row of the last "
                + empty.size()
                + " days that impressions has, more than samples.max-empty-days = "
                + allowed
                + ", in "
                + logs.settings(table).place()
                + logs.without(table, date).map(text -> "; it " + text).orElse("")
                + ". Wait for the job that writes it, or raise the setting.");
      }
    }
    if (undefined == Undefined.REFUSE
        && counts.get(LogTable.CLICKS).taken() == 0
        && !(rules.viewThrough() && counts.get(LogTable.CONVERSIONS).taken() > 0)) {
      throw new InputException(
          "Cannot build samples of "
              + rules.range().asOf()
              + ": clicks has no row of "
              + rules.range().readFrom()
              + " to "
              + rules.range().asOf()
              + " in "
              + logs.settings(LogTable.CLICKS).place()
              + ", so that no sample has a label. Check the job that writes it, or set"
              + " evaluation.undefined = allow.");
    }
  }

  /** Looks at the rows of a log. */
  LogCounts of(LogTable table, Dataset<Row> rows) {
    try {
      // At most one row a day, outcome, route and bucket.
      List<Row> groups = groups(table, rows).collectAsList();
      LogCounts counts = counts(table, groups);
      check(counts, groups, rows);
      return counts;
    } catch (Exception e) {
      // Spark throws SparkException without declaring it.
      throw ReadFailure.of(logs.settings(table), e);
    }
  }

  private Dataset<Row> groups(LogTable table, Dataset<Row> rows) {
    Column taken = col(RowRules.OUTCOME).equalTo(lit(RowRules.TAKEN));
    Column copies = HotKeys.bucket(EventKeys.copyKey(table));
    Column routes = EventKeys.routeBucket(table).plus(lit(HotKeys.BUCKETS));
    Column watch =
        when(not(taken), lit(-1))
            .when(col("chance").equalTo(lit(0)), copies)
            .when(col("chance").equalTo(lit(1)), routes)
            .otherwise(lit(-1));
    return rows.withColumn("chance", floor(rand(0).multiply(lit(WATCHED))))
        .select(
            col("day"),
            col(RowRules.OUTCOME),
            taken.and(EventKeys.byPair(table)).as("pair"),
            watch.as(WATCH))
        .groupBy("day", RowRules.OUTCOME, "pair", WATCH)
        .agg(count(lit(1)).as("n"));
  }

  private LogCounts counts(LogTable table, List<Row> groups) {
    SortedMap<Integer, SortedMap<String, Long>> byDay = new TreeMap<>();
    SortedMap<Integer, Long> outside = new TreeMap<>();
    SortedMap<Integer, Long> watched = new TreeMap<>();
    long byPair = 0;
    for (Row row : groups) {
      long n = row.getLong(4);
      if (row.getString(1).equals(RowRules.OUTSIDE)) {
        outside.merge(row.getInt(0), n, Long::sum);
        continue;
      }
      byDay
          .computeIfAbsent(row.getInt(0), day -> new TreeMap<>())
          .merge(row.getString(1), n, Long::sum);
      byPair += row.getBoolean(2) ? n : 0;
      watched.merge(row.getInt(3), n, Long::sum);
    }
    List<Integer> copies = new ArrayList<>();
    List<Integer> routes = new ArrayList<>();
    watched.forEach(
        (bucket, n) -> {
          if (bucket >= 0 && n * WATCHED >= busyRows) {
            (bucket < HotKeys.BUCKETS ? copies : routes).add(bucket % HotKeys.BUCKETS);
          }
        });
    return new LogCounts(table, byDay, outside, byPair, new HotKeys(copies), new HotKeys(routes));
  }

  private void check(LogCounts counts, List<Row> groups, Dataset<Row> rows) {
    String path = logs.settings(counts.table()).place();
    boolean impressions = counts.table() == LogTable.IMPRESSIONS;
    if (impressions && groups.isEmpty() && !logs.hasOtherRows(counts.table())) {
      throw new InputException(
          "Cannot read "
              + counts.table().title()
              + ": "
              + path
              + " has no rows. Check the job that writes it.");
    }
    int from = (int) rules.range().rebuildFrom().toEpochDay();
    long rejected = counts.rejected(from).values().stream().mapToLong(Long::longValue).sum();
    long all = counts.rows(from);
    if (rejected > rules.settings().maxRejectedShare() * all) {
      throw new InputException(tooManyRejected(counts, rejected, all, path, example(rows)));
    }
  }

  private String tooManyRejected(
      LogCounts counts, long rejected, long all, String path, String example) {
    int from = (int) rules.range().rebuildFrom().toEpochDay();
    SortedMap<String, Long> broken = counts.rejected(from);
    String most = Collections.max(broken.entrySet(), Map.Entry.comparingByValue()).getKey();
    return "Cannot use "
        + counts.table().title()
        + ": "
        + rejected
        + " of "
        + all
        + " rows break a rule "
        + broken
        + ", more than the share samples.max-rejected-share = "
        + rules.settings().maxRejectedShare()
        + ", in "
        + path
        + ", such as "
        + example
        + ". "
        + logs.advice(counts.table(), rules.range(), most, example)
        + "Mend the log, its column names or its timestamp setting, or raise the share.";
  }

  private static String example(Dataset<Row> rows) {
    Column kept = col(RowRules.OUTCOME).isin(RowRules.TAKEN, RowRules.LATE, RowRules.OUTSIDE);
    return rows.filter(not(kept)).select("row").limit(1).collectAsList().get(0).getString(0);
  }
}
