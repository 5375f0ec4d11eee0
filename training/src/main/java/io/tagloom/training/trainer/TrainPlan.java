package io.tagloom.training.trainer;

import io.tagloom.conf.OptimizerSettings;
import io.tagloom.conf.TrainingSettings;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;
import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.broadcast.Broadcast;

/** What the driver tells every worker. Immutable. */
final class TrainPlan implements Serializable {
  private static final long serialVersionUID = 1L;

  final String run;
  final MvkeShape shape;
  final TrainingSettings training;
  final long seed;
  final int workers;
  final int threads;
  private final CheckpointPlace checkpoints;
  private final Broadcast<StartWeights> start;

  TrainPlan(
      String run,
      MvkeShape shape,
      TrainingSettings training,
      long seed,
      int workers,
      int threads,
      Broadcast<StartWeights> start,
      CheckpointPlace checkpoints) {
    this.start = start;
    this.checkpoints = checkpoints;
    this.run = run;
    this.shape = shape;
    this.training = training;
    this.seed = seed;
    this.workers = workers;
    this.threads = threads;
  }

  /** A worker's own copy of the first weights. */
  MvkeParameters firstWeights() {
    return start == null ? shape.initialize(seed) : start.value().weights().copy();
  }

  /** The rule by which weights follow gradients, with the trust region when there is one. */
  UpdateRule rule() {
    UpdateRule rule = UpdateRule.of(training.optimizer());
    return pulled()
        ? new PulledRule(
            rule,
            training.trustRegion(),
            training.optimizer().name() == OptimizerSettings.Name.ADAMW)
        : rule;
  }

  private boolean pulled() {
    return start != null && training.trustRegion() > 0;
  }

  /** Tells the rule's state where weights have started, when it has to know. */
  void anchor(Peers peers, float[][] denseState, float[][] tableState) {
    if (!pulled()) {
      return;
    }
    int last = denseState.length - 1;
    float[] dense = start.value().weights().dense();
    System.arraycopy(dense, 0, denseState[last], 0, dense.length);
    for (int t = 0; t < tableState.length; t++) {
      int width = shape.tables().get(t).width();
      start.value().anchor(t, width, peers.worker(), peers.workers(), tableState[t], last);
    }
  }

  /** Where checkpoints are kept, when they are. */
  Optional<CheckpointPlace> checkpoints() {
    return Optional.ofNullable(checkpoints);
  }
}
