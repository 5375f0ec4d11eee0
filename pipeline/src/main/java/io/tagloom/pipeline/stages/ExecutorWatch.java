package io.tagloom.pipeline.stages;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/**
 * Tells a person when a cluster gives a run no executor: Spark itself says so in its log alone, and
 * waits for ever.
 */
final class ExecutorWatch implements AutoCloseable {
  private final SparkContext spark;
  private final Consumer<String> warn;
  private final Duration period;
  private final ScheduledExecutorService clock;

  private ExecutorWatch(SparkContext spark, Consumer<String> warn, Duration period) {
    this.spark = spark;
    this.warn = warn;
    this.period = period;
    this.clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "executor watch");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Watches until it is closed.
   *
   * @param period how long there may be no executor, and how often it is said
   * @param warn where it is said
   */
  static ExecutorWatch start(SparkContext spark, Duration period, Consumer<String> warn) {
    ExecutorWatch watch = new ExecutorWatch(spark, warn, period);
    long millis = period.toMillis();
    watch.clock.scheduleWithFixedDelay(watch::look, millis, millis, TimeUnit.MILLISECONDS);
    return watch;
  }

  private void look() {
    // The driver is one of them.
    if (spark.isStopped() || spark.getExecutorMemoryStatus().size() > 1) {
      return;
    }
    SparkConf conf = spark.getConf();
    warn.accept(
        "no executor of "
            + spark.master()
            + " has come for "
            + period.getSeconds()
            + " s: no place is free for one with spark.executor.memory = "
            + conf.get("spark.executor.memory", "1g")
            + " and spark.executor.cores = "
            + conf.get("spark.executor.cores", "all of a worker's")
            + ", or executors end at their start, or do not reach the driver at "
            + conf.get("spark.driver.host", "?")
            + ":"
            + conf.get("spark.driver.port", "?")
            + ". Look at the cluster's page of application "
            + spark.applicationId()
            + ", and at the logs of its executors.");
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
