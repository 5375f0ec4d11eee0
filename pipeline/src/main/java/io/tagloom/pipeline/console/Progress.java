package io.tagloom.pipeline.console;

import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.JavaSparkStatusTracker;

/**
 * Shows how far a stage is: a bar over the tasks of its running Spark jobs on a terminal, one line
 * at its start otherwise.
 */
public final class Progress implements AutoCloseable {
  private static final int WIDTH = 100;
  private static final Duration INTERVAL = Duration.ofMillis(250);

  private final PrintStream console;
  private final ProgressBar bar;
  private final Thread watcher;

  private Progress(PrintStream console, ProgressBar bar, Thread watcher) {
    this.console = console;
    this.bar = bar;
    this.watcher = watcher;
  }

  /**
   * Starts to show a stage.
   *
   * @param console where to show it
   * @param terminal whether that is a terminal
   * @param text the stage, in a few words
   * @param spark whose jobs are watched
   */
  public static Progress of(
      PrintStream console, Terminal terminal, String text, JavaSparkContext spark) {
    if (terminal == Terminal.NONE) {
      console.println(text + " ...");
      return new Progress(console, null, null);
    }
    ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName(text)
            .setInitialMax(0)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis((int) INTERVAL.toMillis())
            .setMaxRenderedLength(WIDTH)
            .hideEta()
            .clearDisplayOnFinish()
            .setConsumer(new ConsoleProgressBarConsumer(console, WIDTH))
            .build();
    Thread watcher = new Thread(() -> watch(bar, spark.statusTracker()), "progress");
    watcher.setDaemon(true);
    watcher.start();
    return new Progress(console, bar, watcher);
  }

  private static void watch(ProgressBar bar, JavaSparkStatusTracker tracker) {
    while (!Thread.currentThread().isInterrupted()) {
      long tasks = 0;
      long done = 0;
      for (int job : tracker.getActiveJobIds()) {
        SparkJobInfo jobInfo = tracker.getJobInfo(job);
        for (int stage : jobInfo == null ? new int[0] : jobInfo.stageIds()) {
          SparkStageInfo info = tracker.getStageInfo(stage);
          tasks += info == null ? 0 : info.numTasks();
          done += info == null ? 0 : info.numCompletedTasks();
        }
      }
      if (tasks > 0) {
        bar.maxHint(tasks);
        bar.stepTo(done);
      }
      try {
        Thread.sleep(INTERVAL.toMillis());
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Shows a remark: beside the bar, or as a line. */
  public void note(String remark) {
    if (bar == null) {
      console.println("  " + remark);
    } else {
      bar.setExtraMessage(" " + remark);
    }
  }

  /** Takes the bar away. */
  @Override
  public void close() {
    if (watcher != null) {
      watcher.interrupt();
      try {
        watcher.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      bar.close();
    }
  }
}
