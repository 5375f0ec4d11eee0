package io.tagloom.training.trainer;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a worker gives back to the driver. Weights travel apart. */
final class WorkerOutcome implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Why a worker has stopped without weights. */
  enum Failure {
    /** It has not. */
    NONE,
    /** There is nothing to train on. */
    NO_SAMPLES,
    /** A number is no longer finite. */
    DIVERGED,
    /** A checkpoint could not be written, and the settings ask to stop then. */
    NO_CHECKPOINT
  }

  final int worker;
  final List<EpochReport> epochs;
  final int weightPieces;
  final Failure failure;
  final String message;

  /** Whether the fault is in this worker's own samples; the others have only learned of it. */
  final boolean own;

  private WorkerOutcome(
      int worker,
      List<EpochReport> epochs,
      int weightPieces,
      Failure failure,
      String message,
      boolean own) {
    this.own = own;
    this.worker = worker;
    this.epochs = Collections.unmodifiableList(new ArrayList<>(epochs));
    this.weightPieces = weightPieces;
    this.failure = failure;
    this.message = message;
  }

  static WorkerOutcome done(int worker, List<EpochReport> epochs, int weightPieces) {
    return new WorkerOutcome(worker, epochs, weightPieces, Failure.NONE, "", true);
  }

  static WorkerOutcome failed(int worker, Failure failure, String message) {
    return new WorkerOutcome(worker, Collections.emptyList(), 0, failure, message, true);
  }

  static WorkerOutcome diverged(int worker, String message, boolean own) {
    return new WorkerOutcome(worker, Collections.emptyList(), 0, Failure.DIVERGED, message, own);
  }
}
