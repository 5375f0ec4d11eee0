package io.tagloom.training.trainer;

import io.tagloom.conf.SettingsException;
import io.tagloom.conf.TrainingException;
import io.tagloom.conf.TrainingSettings;
import io.tagloom.training.bigdl.BarrierStage;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/**
 * How many workers of how many threads a run gets, and whether Spark can run them all at once.
 * Spark itself would look for free slots for ten minutes before it said so.
 */
final class Slots {
  private static final long PATIENCE_MILLIS = 60_000;

  private Slots() {}

  /** Workers that the settings ask for; 0 is one for a local master, else one per executor. */
  static int workers(SparkContext context, TrainingSettings training) {
    if (training.workers() > 0) {
      return training.workers();
    }
    return context.isLocal()
        ? 1
        : Math.max(1, context.statusTracker().getExecutorInfos().length - 1);
  }

  /** Threads of a worker. */
  static int threads(SparkContext context, TrainingSettings training, int workers) {
    if (training.threads() > 0) {
      return training.threads();
    }
    return context.isLocal()
        ? Math.max(1, context.defaultParallelism() / workers)
        : context.getConf().getInt("spark.task.cpus", 1);
  }

  /**
   * Checks what a barrier stage demands of Spark.
   *
   * @throws SettingsException when Spark's settings rule it out
   * @throws TrainingException when there are too few slots, also after a minute of waiting
   */
  static void check(SparkContext context, int workers) {
    SparkConf conf = context.getConf();
    refuse(conf, "spark.dynamicAllocation.enabled", "all workers must start together");
    refuse(conf, "spark.speculation", "a worker cannot be run twice");
    int slots = await(context, workers);
    if (slots < workers) {
      throw new TrainingException(
          "Cannot start training: "
              + workers
              + " workers need as many free slots at the same time, Spark has "
              + slots
              + ". Lower training.workers or spark.task.cpus, or give Spark more cores.");
    }
  }

  /**
   * Waits for slots after some were lost. Where the settings leave the number of workers open, it
   * is the one before if there are as many slots again within a minute, else as many as there are.
   *
   * @throws TrainingException when there are too few
   */
  static int again(SparkContext context, TrainingSettings training, int before) {
    if (training.workers() > 0) {
      check(context, before);
      return before;
    }
    int slots = await(context, before);
    check(context, 1);
    return Math.max(1, Math.min(before, slots));
  }

  private static int await(SparkContext context, int workers) {
    long deadline = System.currentTimeMillis() + (context.isLocal() ? 0 : PATIENCE_MILLIS);
    int slots = BarrierStage.slots(context);
    while (slots < workers && System.currentTimeMillis() < deadline) {
      pause();
      slots = BarrierStage.slots(context);
    }
    return slots;
  }

  private static void refuse(SparkConf conf, String key, String reason) {
    if (conf.getBoolean(key, false)) {
      throw new SettingsException(
          "Invalid " + key + ": true; expected false for training, since " + reason + ".");
    }
  }

  private static void pause() {
    try {
      Thread.sleep(500);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot wait for executors: the run was stopped.", e);
    }
  }
}
