package io.tagloom.training.trainer;

import io.tagloom.conf.TrainingSettings;
import io.tagloom.training.bigdl.AllReduce;
import io.tagloom.training.models.MvkeShape;
import java.io.Serializable;
import java.util.Locale;
import java.util.Optional;

/** What the driver tells every worker. Immutable. */
final class TrainPlan implements Serializable {
  private static final long serialVersionUID = 1L;

  final String run;
  final MvkeShape shape;
  final TrainingSettings training;
  final long seed;
  final int workers;
  final int threads;
  private final AllReduce allReduce;

  TrainPlan(
      String run, MvkeShape shape, TrainingSettings training, long seed, int workers, int threads) {
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

  private static String compression(TrainingSettings.Exchange exchange) {
    return exchange == TrainingSettings.Exchange.FLOAT
        ? "none"
        : exchange.name().toLowerCase(Locale.ROOT);
  }

  /** How dense gradients are summed, when there are several workers. */
  Optional<AllReduce> allReduce() {
    return Optional.ofNullable(allReduce);
  }
}
