package io.tagloom.pipeline.console;

import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
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

  private static final Logger LOG = LogManager.getLogger("tagloom");

  private final PrintStream console;
  private ProgressBar bar;
  private Thread watcher;

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
    ProgressBar bar = bar(console, text);
    Thread watcher = new Thread(() -> watch(bar, spark.statusTracker()), "progress");
    watcher.setDaemon(true);
    watcher.start();
    return new Progress(console, bar, watcher);
  }

  private static ProgressBar bar(PrintStream console, String text) {
    return new ProgressBarBuilder()
        .setTaskName(text)
        .setInitialMax(0)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis((int) INTERVAL.toMillis())
        .setMaxRenderedLength(WIDTH)
        .hideEta()
        .clearDisplayOnFinish()
        .setConsumer(new ConsoleProgressBarConsumer(console, WIDTH))
        .build();
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

  /** Shows a remark: beside the bar, or as a line; and in the log. */
  public void note(String remark) {
    LOG.info(remark);
    if (bar == null) {
      console.println("  " + remark);
    } else {
      bar.setExtraMessage(" " + remark);
    }
  }

  /** Shows a line that stays where a bar is drawn, too; and in the log. */
  public void line(String line) {
    LOG.info(line);
    print(line);
  }

  /** As {@link #line}, for something that went wrong. */
  public void warn(String line) {
    LOG.warn(line);
    print("warning: " + line);
  }

  /** Where no bar is drawn, shows a line; and in the log. */
  public void record(String line) {
    LOG.info(line);
    if (bar == null) {
      print(line);
    }
  }

  private void print(String line) {
    // Over what the bar has drawn; it is drawn again below.
    String text = "  " + line;
    console.println(bar == null ? text : "\r" + String.format("%-" + WIDTH + "s", text));
  }

  /**
   * On a terminal, shows how far the stage's work is by its own measure instead of Spark's tasks.
   *
   * @param name of the work, short
   * @param done how much is done
   * @param total of how much
   * @param remark what else there is to know, short
   */
  public void measure(String name, long done, long total, String remark) {
    if (bar == null) {
      return;
    }
    if (watcher != null) {
      closeBar();
      bar = bar(console, name);
    }
    bar.maxHint(total);
    bar.stepTo(done);
    bar.setExtraMessage(" " + remark);
  }

  /** Takes the bar away. */
  @Override
  public void close() {
    if (bar != null) {
      closeBar();
    }
  }

  private void closeBar() {
    if (watcher != null) {
      watcher.interrupt();
      try {
        watcher.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      watcher = null;
    }
    bar.close();
  }
}
