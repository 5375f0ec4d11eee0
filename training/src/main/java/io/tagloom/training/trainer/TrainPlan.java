package io.tagloom.training.trainer;

import io.tagloom.conf.TrainingSettings;
import io.tagloom.training.bigdl.AllReduce;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;
import java.io.Serializable;
import java.util.Locale;
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
  private final AllReduce allReduce;
  private final Broadcast<MvkeParameters> start;

  TrainPlan(
      String run,
      MvkeShape shape,
      TrainingSettings training,
      long seed,
      int workers,
      int threads,
      Broadcast<MvkeParameters> start,
      CheckpointPlace checkpoints) {
    this.start = start;
    this.checkpoints = checkpoints;
    this.run = run;
    this.shape = shape;
    this.training = training;
    this.seed = seed;
    this.workers = workers;
    this.threads = threads;
    this.allReduce =
        workers == 1
            ? null
            : new AllReduce(workers, shape.denseSize(), compression(training.exchange()));
  }

  /** A worker's own copy of the first weights. */
  MvkeParameters firstWeights() {
    return start == null ? shape.initialize(seed) : start.value().copy();
  }

  private static String compression(TrainingSettings.Exchange exchange) {
    return exchange == TrainingSettings.Exchange.FLOAT
        ? "none"
        : exchange.name().toLowerCase(Locale.ROOT);
  }

  /** Where checkpoints are kept, when they are. */
  Optional<CheckpointPlace> checkpoints() {
    return Optional.ofNullable(checkpoints);
  }

  /** How dense gradients are summed, when there are several workers. */
  Optional<AllReduce> allReduce() {
    return Optional.ofNullable(allReduce);
  }
}
