package io.tagloom.features.samples;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.hash;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import io.tagloom.conf.InputException;
import io.tagloom.features.logs.Days;
import io.tagloom.features.logs.Duplicates;
import io.tagloom.features.logs.LogTable;
import io.tagloom.features.logs.Logs;
import io.tagloom.features.logs.RowRules;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What took no part in the join and is kept for a person to look at. */
final class Findings {
  static final String REJECTED = "rejected";
  static final String ORPHANS = "orphans";

  /** About so many orphans of each log and day are kept. */
  private static final int KEPT_ORPHANS = 1000;

  /** Share of rows up to which their loss is worth no warning. */
  private static final double FEW = 0.001;

  private final DayPartitions partitions;
  private final JoinRules rules;
  private final Logs logs;

  Findings(DayPartitions partitions, JoinRules rules, Logs logs) {
    this.partitions = partitions;
    this.rules = rules;
    this.logs = logs;
  }

  /**
   * Compares orphans with their limit.
   *
   * @throws InputException when it is passed
   */
  void checkOrphans(HealthCount health) {
    for (LogTable table : new LogTable[] {LogTable.CLICKS, LogTable.CONVERSIONS}) {
      long orphans = 0;
      long all = 0;
      for (int day : health.days()) {
        orphans += health.number(day, table.title() + ".orphaned");
        all +=
            health.number(day, table.title() + ".rows")
                - health.number(day, table.title() + ".duplicates");
      }
      checkOrphans(rules, logs, table, orphans, all);
    }
  }

  /**
   * Compares orphans of a log with their limit.
   *
   * @throws InputException when it is passed
   */
  static void checkOrphans(JoinRules rules, Logs logs, LogTable table, long orphans, long all) {
    double limit = rules.settings().maxOrphanShare();
    if (orphans > limit * all) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Cannot use %s: %d of %d belong to no impression or click of %s to %s, more than"
                  + " the share samples.max-orphan-share = %s, in %s. Check that the logs are of"
                  + " the same days and ids, or raise the share.",
              table.title(),
              orphans,
              all,
              rules.range().readFrom(),
              rules.range().asOf(),
              limit,
              logs.settings(table).place()));
    }
  }

  /**
   * Checks that some sample has a label, where more days are built than may be without events.
   *
   * @throws InputException when none has
   */
  void checkLabels(HealthCount health) {
    long labels = 0;
    for (int day : health.days()) {
      labels += health.number(day, "samples.clicked") + health.number(day, "samples.converted");
    }
    if (labels == 0 && health.days().size() > rules.settings().maxEmptyDays()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Cannot build samples of %s: none of %s to %s has a label, so that there is nothing"
                  + " to learn. Check that clicks in %s follow the impressions in %s within"
                  + " samples.click-window-minutes = %d, or set evaluation.undefined = allow.",
              rules.range().asOf(),
              rules.range().rebuildFrom(),
              rules.range().asOf(),
              logs.settings(LogTable.CLICKS).place(),
              logs.settings(LogTable.IMPRESSIONS).place(),
              rules.settings().clickWindowMinutes()));
    }
  }

  /**
   * Compares ids that name several impressions with their limit.
   *
   * @param ids what {@link Duplicates} counted
   * @return a sentence on such ids, where there are some
   * @throws InputException when the limit is passed
   */
  Optional<String> checkSharedIds(Map<String, Object> ids) {
    long shared = ((Number) ids.get(Duplicates.SHARED)).longValue();
    long all = ((Number) ids.get(Duplicates.KEYS)).longValue();
    String found =
        String.format(
            Locale.ROOT, "%d of %d impression ids name several users or items", shared, all);
    double limit = rules.settings().maxSharedIdShare();
    if (shared > limit * all) {
      throw new InputException(
          "Cannot use impressions: "
              + found
              + ", more than the share samples.max-shared-id-share = "
              + limit
              + ", in "
              + logs.settings(LogTable.IMPRESSIONS).place()
              + ". Every impression needs an id of its own: name another column in"
              + " input.impressions.columns { impression_id = ... }, or raise the share.");
    }
    return shared == 0
        ? Optional.empty()
        : Optional.of("impressions: " + found + "; of each the earliest row counts");
  }

  /** Writes every rejected row with its rule: table, rule, row (as it was, in JSON), dt. */
  void writeRejected(Map<LogTable, LogCounts> counts, Map<LogTable, Dataset<Row>> rows) {
    int from = (int) rules.range().rebuildFrom().toEpochDay();
    Column kept = col(RowRules.OUTCOME).isin(RowRules.TAKEN, RowRules.LATE, RowRules.OUTSIDE);
    Dataset<Row> rejected = null;
    for (LogTable table : LogTable.values()) {
      if (!counts.get(table).rejected(from).isEmpty()) {
        Dataset<Row> broken =
            rows.get(table)
                .filter(not(kept).and(col("day").geq(lit(from))))
                .select(
                    Days.text(col("day")).as("dt"),
                    lit(table.title()).as("table"),
                    col(RowRules.OUTCOME).as("rule"),
                    col("row"));
        rejected = rejected == null ? broken : rejected.union(broken);
      }
    }
    if (rejected != null) {
      write(REJECTED, rejected);
    }
  }

  /** Writes about a thousand orphans of each log and day, by hash: table, key, ts, dt. */
  void writeOrphans(Dataset<Row> touches, Dataset<Row> conversions) {
    int from = (int) rules.range().rebuildFrom().toEpochDay();
    Dataset<Row> clicks = touches.filter(col("kind").equalTo(lit(Touches.CLICK)));
    Dataset<Row> orphans =
        orphans(clicks, LogTable.CLICKS)
            .union(orphans(conversions, LogTable.CONVERSIONS))
            .filter(col("day").geq(lit(from)));
    Column chance = least(lit(1.0), lit((double) KEPT_ORPHANS).divide(col("n")));
    Dataset<Row> chances =
        orphans
            .groupBy(col("table").as("of_table"), col("day").as("of_day"))
            .agg(count(lit(1)).as("n"))
            .withColumn("chance", chance);
    Column drawn = hash(col(EventKeys.KEY)).cast("double").divide(lit(4294967296.0)).plus(lit(0.5));
    Column sameDay = col("table").equalTo(col("of_table")).and(col("day").equalTo(col("of_day")));
    write(
        ORPHANS,
        orphans
            .join(broadcast(chances), sameDay)
            .filter(drawn.leq(col("chance")))
            .select(
                Days.text(col("day")).as("dt"),
                col("table"),
                col(EventKeys.KEY).as("key"),
                col("ts")));
  }

  /** As {@link #warnings(Map)}, and on events that make no label. */
  List<String> warnings(Map<LogTable, LogCounts> counts, HealthCount health) {
    List<String> warnings = warnings(counts);
    for (LogTable table : LogTable.values()) {
      lost(table, health).ifPresent(warnings::add);
    }
    return warnings;
  }

  /** What a person should know of days without rows, and of files and rows that are not read. */
  List<String> warnings(Map<LogTable, LogCounts> counts) {
    List<String> warnings = new ArrayList<>();
    for (LogTable table : LogTable.values()) {
      SortedSet<LocalDate> empty =
          counts.get(table).emptyDays(counts.get(LogTable.IMPRESSIONS), rules.range().asOf());
      if (!empty.isEmpty()) {
        warnings.add(
            table.title()
                + " has no row of "
                + (empty.size() == 1 ? "" : empty.first() + " to ")
                + empty.last());
      }
      warnings.addAll(logs.notes(table, rules.range()));
      SortedMap<Integer, Long> outside = counts.get(table).outside();
      int first = (int) rules.range().readFrom().toEpochDay();
      rules
          .range()
          .unread(table, sum(outside.headMap(first)), sum(outside.tailMap(first)))
          .ifPresent(warnings::add);
    }
    return warnings;
  }

  /** A line on events that make no label though they might, where they are not few. */
  private static Optional<String> lost(LogTable table, HealthCount health) {
    long rows = 0;
    long orphans = 0;
    long rejected = 0;
    for (int day : health.days()) {
      rows += health.number(day, table.title() + ".rows");
      orphans += health.number(day, table.title() + ".orphaned");
      rejected += health.number(day, table.title() + ".rejected");
    }
    List<String> lost = new ArrayList<>();
    if (orphans > FEW * rows) {
      lost.add(String.format(Locale.ROOT, "%,d belong to no impression or click", orphans));
    }
    if (rejected > FEW * rows) {
      lost.add(String.format(Locale.ROOT, "%,d break a rule", rejected));
    }
    return lost.isEmpty()
        ? Optional.empty()
        : Optional.of(
            table.title()
                + ": of "
                + String.format(Locale.ROOT, "%,d", rows)
                + " rows "
                + String.join(", ", lost));
  }

  private static long sum(SortedMap<Integer, Long> days) {
    return days.values().stream().mapToLong(Long::longValue).sum();
  }

  private static Dataset<Row> orphans(Dataset<Row> events, LogTable table) {
    return events
        .filter(col("status").equalTo(lit(Touches.ORPHANED)))
        .select(lit(table.title()).as("table"), col(EventKeys.KEY), col("ts"), col("day"));
  }

  private void write(String table, Dataset<Row> rows) {
    String[] columns = rows.columns();
    rows.repartition(col("dt"))
        .sortWithinPartitions(columns[0], Arrays.copyOfRange(columns, 1, columns.length))
        .write()
        .partitionBy("dt")
        .parquet(partitions.staged(table));
  }
}
