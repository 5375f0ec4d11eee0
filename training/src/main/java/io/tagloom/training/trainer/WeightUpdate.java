package io.tagloom.training.trainer;

import io.tagloom.training.bigdl.AllReduce;
import io.tagloom.training.models.MvkeParameters;
import java.util.Optional;

/**
 * From the gradients of all threads and workers to new weights, the same in every worker.
 *
 * <p>With several workers: everybody offers gradients; the owner of a slice of the dense weights
 * adds that slice up, the owner of an embedding row adds up and updates that row; everybody takes
 * the sums and the new rows. The dense update itself is then done by everybody alike, so that the
 * gradient can be clipped by its norm without a third meeting.
 */
final class WeightUpdate {
  private final TrainPlan plan;
  private final Peers peers;
  private final Crew crew;
  private final DenseUpdate dense;
  private final TableUpdate tables;
  private final RateSchedule schedule;
  private final double tableFactor;
  private final Optional<RowExchange> rows;

  WeightUpdate(TrainPlan plan, Peers peers, Crew crew) {
    this.plan = plan;
    this.peers = peers;
    this.crew = crew;
    UpdateRule rule = plan.rule();
    this.dense = new DenseUpdate(plan.shape, rule, plan.training.optimizer().clipNorm());
    this.tables = new TableUpdate(plan.shape, rule, peers, crew.size());
    this.schedule = new RateSchedule(plan.training.optimizer());
    this.tableFactor = plan.training.optimizer().tableRateFactor();
    this.rows =
        peers instanceof BarrierPeers && plan.workers > 1
            ? Optional.of(new RowExchange(plan.shape, (BarrierPeers) peers))
            : Optional.empty();
  }

  /** Makes the exchange ready; waits for all workers. */
  void start() {
    plan.allReduce()
        .ifPresent(reduce -> reduce.start(new float[plan.shape.denseSize()], crew.size()));
    peers.meet();
  }

  /** The dense rate of a step. */
  double rate(long step, int epoch) {
    return schedule.rate(step, epoch);
  }

  DenseUpdate dense() {
    return dense;
  }

  TableUpdate tables() {
    return tables;
  }

  /**
   * Updates the weights.
   *
   * @param step number of the step in the run, from 1
   * @return norm of the dense gradient of the whole step; when it is not a finite number, no weight
   *     has changed
   */
  double apply(MvkeParameters parameters, Replicas replicas, long step, int epoch) {
    double rate = rate(step, epoch);
    float[] gradient = replicas.gradients()[0].dense();
    if (!rows.isPresent()) {
      double norm = DenseUpdate.norm(gradient);
      if (finite(norm)) {
        tables.apply(crew, parameters, replicas.gradients(), rate * tableFactor, step);
        dense.apply(crew, parameters.dense(), gradient, norm, rate, step);
      }
      return norm;
    }
    return exchange(parameters, replicas, rate, step);
  }

  private double exchange(MvkeParameters parameters, Replicas replicas, double rate, long step) {
    AllReduce reduce = plan.allReduce().get();
    RowExchange exchange = rows.get();
    float[] gradient = replicas.gradients()[0].dense();
    replicas.sumTables(crew, plan.shape);
    reduce.offer(gradient);
    exchange.offerGradients(replicas.gradients()[0], step);
    peers.meet();
    reduce.sum();
    // What BigDL calls weights are the sums here: they go to everybody, cut or not.
    System.arraycopy(reduce.gradients(), 0, reduce.weights(), 0, reduce.length());
    reduce.share();
    TouchedRows[] sums = exchange.sumGradients(step);
    tables.apply(crew, parameters, sums, rate * tableFactor, step);
    exchange.offerRows(parameters, step);
    peers.meet();
    reduce.read(gradient);
    exchange.readRows(parameters, step);
    double norm = DenseUpdate.norm(gradient);
    if (finite(norm)) {
      dense.apply(crew, parameters.dense(), gradient, norm, rate, step);
    }
    return norm;
  }

  static boolean finite(double value) {
    return !Double.isNaN(value) && !Double.isInfinite(value);
  }
}
