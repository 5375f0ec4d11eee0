package io.tagloom.conf;

import java.io.Serializable;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The trainer: block {@code training} of {@code reference.conf}. Immutable. */
public final class TrainingSettings implements Serializable {
  private static final long serialVersionUID = 1L;

  /** How workers send dense gradients and weights to one another. */
  public enum Exchange {
    /** Full 32-bit floats. */
    FLOAT,
    /** Gradients rounded to 16 bits, 8 of them of exponent: half the traffic. */
    FP16
  }

  /** Where weights start. */
  public enum WarmStart {
    /** At random. */
    OFF,
    /** Dense weights of an earlier model, embedding tables at random. */
    DENSE,
    /** All weights of an earlier model; rows it does not have at random. */
    ALL
  }

  private static final List<String> WITHOUT_EFFECT =
      Collections.unmodifiableList(
          Arrays.asList(
              "block-memory-share", "restarts", "checkpoint", "log-seconds", "tensorboard"));

  /** 0 is all. */
  private final int days;

  private final int epochs;
  private static final int STEPS = 1300;
  private static final int MOST_EPOCHS = 20;

  private final int batchSize;
  private final int workers;
  private final int threads;
  private final int shuffleWindowBlocks;
  private final Exchange exchange;
  private final int timeBudgetMinutes;
  private final WarmStart warmStart;
  private final int earlyStoppingEpochs;
  private final OptimizerSettings optimizer;
  private final double trustRegion;
  private final double blockMemoryShare;
  private final int restarts;
  private final CheckpointSettings checkpoint;
  private final GuardSettings guard;
  private final int logSeconds;
  private final boolean tensorboard;

  private TrainingSettings(SettingsReader reader) {
    this.days = reader.integerOr("all", "days", 1, 3650).orElse(0);
    this.epochs = reader.integerOr("auto", "epochs", 1, 1000).orElse(0);
    this.batchSize = reader.integer("batch-size", 1, 1 << 20);
    this.workers = reader.integer("workers", 0, 4096);
    this.threads = reader.integer("threads", 0, 1024);
    this.shuffleWindowBlocks = reader.integer("shuffle-window-blocks", 1, 1 << 20);
    this.exchange = reader.choice("exchange", Exchange.class);
    this.timeBudgetMinutes = reader.integer("time-budget-minutes", 0, 100000);
    this.warmStart = reader.choice("warm-start", WarmStart.class);
    this.earlyStoppingEpochs = reader.integer("early-stopping-epochs", 0, 1000);
    this.optimizer = OptimizerSettings.read(reader.at("optimizer"));
    this.trustRegion = reader.number("trust-region", 0.0, 10.0);
    this.blockMemoryShare = reader.number("block-memory-share", 0.0, 0.9);
    this.restarts = reader.integer("restarts", 0, 100);
    this.checkpoint = CheckpointSettings.read(reader.at("checkpoint"));
    this.guard = GuardSettings.read(reader.at("guard"));
    this.logSeconds = reader.integer("log-seconds", 1, 3600);
    this.tensorboard = reader.onOff("tensorboard");
  }

  /**
   * Keys of the block that say how training goes about its work and cannot change what is learned:
   * where samples and checkpoints are kept, how often it starts again after a loss, what it tells.
   */
  public static List<String> keysWithoutEffect() {
    return WITHOUT_EFFECT;
  }

  static TrainingSettings read(SettingsReader reader) {
    return new TrainingSettings(reader);
  }

  /** First day of the samples that training for a date reads; 1990-01-01 for all days. */
  public LocalDate from(LocalDate date) {
    return days == 0 ? SampleSettings.FIRST_DAY : date.minusDays(days - 1L);
  }

  /**
   * Passes over the training samples, 1 to 1000: as set, or for {@code auto} as many as make
   * {@value #STEPS} steps, a third of that when all weights go on from an earlier model; 1 to
   * {@value #MOST_EPOCHS}.
   *
   * @param steps steps of a pass, 1 or more
   */
  public int epochs(int steps) {
    if (epochs > 0) {
      return epochs;
    }
    int wanted = warmStart == WarmStart.ALL ? STEPS / 3 : STEPS;
    return Math.max(1, Math.min(MOST_EPOCHS, (wanted + steps / 2) / steps));
  }

  /** Samples per step over all workers, 1 to 1048576. */
  public int batchSize() {
    return batchSize;
  }

  /** Barrier tasks; 0 takes one for a local master, else one per executor. */
  public int workers() {
    return workers;
  }

  /**
   * Compute threads per worker; 0 takes {@code spark.task.cpus}, or all cores of a local master
   * shared among the workers.
   */
  public int threads() {
    return threads;
  }

  /** Blocks among whose rows one shuffle mixes, 1 to 1048576. */
  public int shuffleWindowBlocks() {
    return shuffleWindowBlocks;
  }

  /** How dense gradients and weights travel between workers. */
  public Exchange exchange() {
    return exchange;
  }

  /** Minutes after which training ends with the best weights so far; 0 is no limit. */
  public int timeBudgetMinutes() {
    return timeBudgetMinutes;
  }

  /** Where weights start. */
  public WarmStart warmStart() {
    return warmStart;
  }

  /** Epochs without a better validation metric after which training stops; 0 never stops early. */
  public int earlyStoppingEpochs() {
    return earlyStoppingEpochs;
  }

  /** The rule by which weights follow gradients. */
  public OptimizerSettings optimizer() {
    return optimizer;
  }

  /** Pull of weights of an earlier model back to where they started, 0 to 10; 0 does not pull. */
  public double trustRegion() {
    return trustRegion;
  }

  /** Share of a worker's heap that its samples may take, 0 to 0.9; the others wait in a file. */
  public double blockMemoryShare() {
    return blockMemoryShare;
  }

  /** Times that training starts again by itself after an executor or a task was lost, 0 to 100. */
  public int restarts() {
    return restarts;
  }

  /** When and where checkpoints are written. */
  public CheckpointSettings checkpoint() {
    return checkpoint;
  }

  /** What counts as an explosion. */
  public GuardSettings guard() {
    return guard;
  }

  /** Seconds between two lines about the progress in the log, 1 to 3600. */
  public int logSeconds() {
    return logSeconds;
  }

  /** Whether TensorBoard event files are written. */
  public boolean tensorboard() {
    return tensorboard;
  }
}
