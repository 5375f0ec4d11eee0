package io.tagloom.features.samples;

import io.tagloom.conf.Settings;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;

/**
 * Measures the label join on generated logs: of so many impressions a tenth clicked, a hundredth
 * converted, 5 % of all rows twice, one user with 5 % and one null-like id with 10 % of the events.
 */
public final class SampleBenchmark {
  /** How events find their impressions. */
  public enum Route {
    /** By impression id and click id. */
    IDS,
    /** By user and item. */
    PAIRS
  }

  /** What a benchmark took. Immutable. */
  public static final class Result {
    private final Map<String, Object> numbers;

    private Result(Map<String, Object> numbers) {
      this.numbers = Collections.unmodifiableMap(new LinkedHashMap<>(numbers));
    }

    /**
     * The numbers by name: rows (read, all logs), samples, clicked, converted, generate_seconds,
     * seconds (of the join), rows_per_second, peak_heap_bytes, shuffle_bytes, spilled_bytes, tasks,
     * median_task_seconds, longest_task_seconds, task_spread (the longest task over the median of
     * its stage), peer_seconds and peer_ratio (seconds / peer_seconds). The last two are null where
     * there is no peer: without DuckDB on the class path, and by user and item.
     */
    public Map<String, Object> numbers() {
      return numbers;
    }
  }

  private SampleBenchmark() {}

  /**
   * Generates logs, joins them, and by ids joins them once more with DuckDB where its driver is at
   * hand: it must find the same samples.
   *
   * @param spark the session to run in
   * @param impressions number of distinct impressions, 1000 or more
   * @param folder where logs and samples are written; what is there is overwritten
   * @param route how events find their impressions
   * @return what it took
   * @throws IllegalStateException when the peer finds other samples
   */
  public static Result run(SparkSession spark, long impressions, String folder, Route route) {
    if (impressions < 1000) {
      throw new IllegalArgumentException(
          "Invalid impressions: " + impressions + "; expected 1000 or more.");
    }
    long begin = System.nanoTime();
    new BenchmarkLogs(spark, impressions).write(folder + "/logs", route == Route.IDS);
    double generated = secondsSince(begin);
    Meter meter = new Meter();
    spark.sparkContext().addSparkListener(meter);
    try {
      resetPeaks();
      long start = System.nanoTime();
      JoinHealth health =
          SampleJob.run(
              spark, settings(folder, route), BenchmarkLogs.LAST_DAY, SampleJob.Later.KEPT);
      double seconds = secondsSince(start);
      Map<String, Object> numbers = new LinkedHashMap<>();
      long rows =
          health.total("impressions.rows")
              + health.total("clicks.rows")
              + health.total("conversions.rows");
      numbers.put("rows", rows);
      numbers.put("samples", health.total("samples.rows"));
      numbers.put("clicked", health.total("samples.clicked"));
      numbers.put("converted", health.total("samples.converted"));
      numbers.put("generate_seconds", generated);
      numbers.put("seconds", seconds);
      numbers.put("rows_per_second", rows / seconds);
      numbers.put("peak_heap_bytes", peakHeap());
      meter.put(numbers);
      OptionalDouble peer =
          route == Route.IDS
              ? DuckDbJoin.seconds(folder, root(folder, route) + "/" + SampleStore.TABLE)
              : OptionalDouble.empty();
      numbers.put("peer_seconds", peer.isPresent() ? peer.getAsDouble() : null);
      numbers.put("peer_ratio", peer.isPresent() ? seconds / peer.getAsDouble() : null);
      return new Result(numbers);
    } finally {
      spark.sparkContext().removeSparkListener(meter);
    }
  }

  private static Settings settings(String folder, Route route) {
    Map<String, String> overrides = new LinkedHashMap<>();
    overrides.put("run.root", root(folder, route));
    for (String table : new String[] {"impressions", "clicks", "conversions"}) {
      overrides.put("input." + table + ".path", folder + "/logs/" + table);
    }
    return Settings.reference(overrides);
  }

  private static String root(String folder, Route route) {
    return folder + "/" + route.name().toLowerCase(Locale.ROOT);
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static List<MemoryPoolMXBean> heap() {
    List<MemoryPoolMXBean> heap = new ArrayList<>();
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP) {
        heap.add(pool);
      }
    }
    return heap;
  }

  private static void resetPeaks() {
    heap().forEach(MemoryPoolMXBean::resetPeakUsage);
  }

  /** Sum of the pools' peaks: an upper bound of the heap in use, garbage included. */
  private static long peakHeap() {
    return heap().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
  }

  /** Adds up what tasks report. */
  private static final class Meter extends SparkListener {
    private final Map<Integer, List<Long>> stages = new TreeMap<>();
    private long shuffled;
    private long spilled;

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
      stages
          .computeIfAbsent(end.stageId(), stage -> new ArrayList<>())
          .add(end.taskInfo().duration());
      TaskMetrics metrics = end.taskMetrics();
      if (metrics != null) {
        shuffled += metrics.shuffleWriteMetrics().bytesWritten();
        spilled += metrics.diskBytesSpilled();
      }
    }

    private synchronized void put(Map<String, Object> numbers) {
      List<Long> all = new ArrayList<>();
      stages.values().forEach(all::addAll);
      long longest = Collections.max(all);
      double spread = 1;
      for (List<Long> stage : stages.values()) {
        if (stage.contains(longest)) {
          spread = longest / (double) Math.max(1, median(stage));
        }
      }
      numbers.put("shuffle_bytes", shuffled);
      numbers.put("spilled_bytes", spilled);
      numbers.put("tasks", (long) all.size());
      numbers.put("median_task_seconds", median(all) / 1e3);
      numbers.put("longest_task_seconds", longest / 1e3);
      numbers.put("task_spread", spread);
    }

    private static long median(List<Long> millis) {
      List<Long> sorted = new ArrayList<>(millis);
      Collections.sort(sorted);
      return sorted.get(sorted.size() / 2);
    }
  }
}
