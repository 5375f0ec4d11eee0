package io.tagloom.features.samples;

import static org.apache.spark.sql.functions.ceil;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log1p;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.tagloom.features.logs.Days;
import io.tagloom.features.logs.RowRules;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Collects the numbers of a {@link JoinHealth} from what the steps of the join left. */
final class HealthCount {
  /** Delays are counted in buckets this factor wide, so that quantiles need no sort. */
  private static final double STEP = 1.05;

  private final int firstDay;
  private final SortedMap<Integer, Map<String, Long>> days = new TreeMap<>();
  private final SortedMap<Integer, Long> keptBySampling = new TreeMap<>();

  /**
   * @param rebuildFrom first day that is counted
   */
  HealthCount(LocalDate rebuildFrom) {
    this.firstDay = (int) rebuildFrom.toEpochDay();
  }

  /** Adds rows, rejected and late rows of a log. */
  void log(LogCounts counts) {
    String log = counts.table().title() + ".";
    counts
        .byDay()
        .forEach(
            (day, outcomes) ->
                outcomes.forEach(
                    (outcome, rows) -> {
                      add(day, log + "rows", rows);
                      if (outcome.equals(RowRules.LATE)) {
                        add(day, log + "late", rows);
                      } else if (LogCounts.isRule(outcome)) {
                        add(day, log + "rejected", rows);
                        add(day, log + "rejected." + outcome, rows);
                      }
                      if (outcome.equals(RowRules.TAKEN)) {
                        add(day, log + "duplicates", rows);
                      }
                    }));
  }

  /** Adds distinct impressions and the outcomes of clicks. */
  void touches(Dataset<Row> touches) {
    Dataset<Row> days = touches.filter(col("kind").equalTo(lit(Touches.IMPRESSIONS)));
    // One row a day.
    for (Row row : days.select("day", "n", "kept").collectAsList()) {
      keptBySampling.put(row.getInt(0), row.getLong(2));
      add(row.getInt(0), "impressions.distinct", row.getLong(1));
      add(row.getInt(0), "impressions.duplicates", -row.getLong(1));
    }
    Dataset<Row> clicks = touches.filter(col("kind").equalTo(lit(Touches.CLICK)));
    outcomes("clicks.", "click_delay_ms.", clicks, col("ts").minus(col("imp_ts")));
  }

  /** Adds the outcomes of conversions. */
  void conversions(Dataset<Row> conversions) {
    Column delay = col("ts").minus(col("touch_ts"));
    outcomes("conversions.", "conversion_delay_ms.", conversions, delay);
  }

  /** Adds impressions that a limit left out. */
  void leftOut(Dataset<Row> leftOut) {
    // Two rows a day.
    for (Row row : leftOut.groupBy("day", "capped_by").count().collectAsList()) {
      add(row.getInt(0), "impressions.capped_by_" + row.getString(1), row.getLong(2));
    }
  }

  /** Adds the samples that were written. */
  void samples(Dataset<Row> samples) {
    Column both = col("click").multiply(col("conversion"));
    Column mature = when(col("mature"), lit(1)).otherwise(lit(0));
    // One row a day.
    for (Row row :
        samples
            .groupBy(Days.number(col("dt")))
            .agg(count(lit(1)), sum("click"), sum("conversion"), sum(both), sum(mature))
            .collectAsList()) {
      int day = row.getInt(0);
      add(day, "samples.rows", row.getLong(1));
      add(day, "samples.clicked", row.getLong(2));
      add(day, "samples.converted", row.getLong(3));
      add(day, "samples.clicked_and_converted", row.getLong(4));
      add(day, "samples.mature", row.getLong(5));
    }
  }

  /** A number of a day so far. */
  long number(int day, String name) {
    return days.getOrDefault(day, new HashMap<>()).getOrDefault(name, 0L);
  }

  /** Distinct impressions of each day that are read and kept by the sampling hash. */
  SortedMap<Integer, Long> keptBySampling() {
    return Collections.unmodifiableSortedMap(keptBySampling);
  }

  /** Whether any event of the days that are counted belongs to nothing. */
  boolean orphans() {
    return days.values().stream()
        .anyMatch(
            day ->
                day.getOrDefault("clicks.orphaned", 0L) > 0
                    || day.getOrDefault("conversions.orphaned", 0L) > 0);
  }

  /** The days counted so far. */
  List<Integer> days() {
    return new ArrayList<>(days.keySet());
  }

  /** The health of the run as of a date. */
  JoinHealth health(LocalDate asOf, List<String> warnings) {
    List<DayHealth> list = new ArrayList<>();
    days.forEach((day, numbers) -> list.add(new DayHealth(LocalDate.ofEpochDay(day), numbers)));
    return new JoinHealth(asOf, list, warnings);
  }

  private void outcomes(String log, String delays, Dataset<Row> events, Column delay) {
    Column counted = col("status").isin(Touches.COUNTED, Conversions.VIEW_THROUGH);
    Column late = greatest(delay, lit(0L));
    Column bucket = ceil(log1p(late).divide(lit(Math.log(STEP)))).cast("int");
    // A row a day, status and bucket: a 20-fold delay has about 60 buckets.
    List<Row> rows =
        events
            .groupBy(col("day"), col("status"), coalesce(when(counted, bucket), lit(-1)))
            .agg(count(lit(1)))
            .collectAsList();
    SortedMap<Integer, SortedMap<Integer, Long>> histograms = new TreeMap<>();
    for (Row row : rows) {
      int day = row.getInt(0);
      long n = row.getLong(3);
      add(day, log + row.getString(1), n);
      add(day, log + "duplicates", -n);
      if (row.getInt(2) >= 0) {
        histograms.computeIfAbsent(day, d -> new TreeMap<>()).merge(row.getInt(2), n, Long::sum);
      }
    }
    histograms.forEach((day, histogram) -> quantiles(day, delays, histogram));
  }

  private void quantiles(int day, String name, SortedMap<Integer, Long> histogram) {
    long all = histogram.values().stream().mapToLong(Long::longValue).sum();
    for (int percent : new int[] {50, 90, 99}) {
      long below = 0;
      for (Map.Entry<Integer, Long> bucket : histogram.entrySet()) {
        below += bucket.getValue();
        if (below * 100 >= all * percent) {
          add(day, name + "p" + percent, Math.round(Math.pow(STEP, bucket.getKey()) - 1));
          break;
        }
      }
    }
  }

  private void add(int day, String name, long number) {
    if (day >= firstDay) {
      days.computeIfAbsent(day, d -> new TreeMap<>()).merge(name, number, Long::sum);
    }
  }
}
