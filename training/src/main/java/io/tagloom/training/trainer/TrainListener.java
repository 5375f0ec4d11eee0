package io.tagloom.training.trainer;

/** Told on the driver how training goes on. All methods are called by one thread. */
public interface TrainListener {
  /** A listener that does nothing. */
  TrainListener SILENT = new TrainListener() {};

  /** Where training is; about once a second. */
  default void progress(TrainProgress progress) {}

  /** An epoch has ended, its validation included. */
  default void epoch(EpochReport report) {}

  /** Something worth telling: a restart, a checkpoint that could not be written. */
  default void notice(TrainNotice notice) {}
}
