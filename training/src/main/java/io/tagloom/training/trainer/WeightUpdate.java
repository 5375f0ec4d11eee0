package io.tagloom.training.trainer;

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
  private final Optional<StepExchange> exchange;

  WeightUpdate(TrainPlan plan, Peers peers, Crew crew, long steps) {
    this.plan = plan;
    this.peers = peers;
    this.crew = crew;
    UpdateRule rule = plan.rule();
    this.dense = new DenseUpdate(plan.shape, rule, plan.training.optimizer().clipNorm());
    this.tables = new TableUpdate(plan.shape, rule, peers, crew.size());
    this.schedule = new RateSchedule(plan.training.optimizer(), steps);
    this.tableFactor = plan.training.optimizer().tableRateFactor();
    this.exchange =
        peers instanceof BarrierPeers
            ? Optional.of(
                new StepExchange(plan.shape, (BarrierPeers) peers, crew, plan.training.exchange()))
            : Optional.empty();
  }

  /** Makes the exchange ready; waits for all workers. */
  void start() {
    exchange.ifPresent(StepExchange::start);
  }

  /** Takes back what the last step has left; waits for all workers. */
  void finish() {
    exchange.ifPresent(StepExchange::finish);
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
    if (!exchange.isPresent()) {
      double norm = DenseUpdate.norm(gradient);
      if (finite(norm)) {
        tables.apply(crew, parameters, replicas.gradients(), rate * tableFactor, step);
        dense.apply(crew, parameters.dense(), gradient, norm, rate, step);
      }
      return norm;
    }
    return exchange(exchange.get(), parameters, replicas, rate, step);
  }

  private double exchange(
      StepExchange with, MvkeParameters parameters, Replicas replicas, double rate, long step) {
    float[] gradient = replicas.gradients()[0].dense();
    replicas.sumTables(crew, plan.shape);
    with.offerGradients(replicas.gradients()[0], step);
    peers.meet();
    TouchedRows[] sums = with.sumGradients(gradient, step);
    tables.apply(crew, parameters, sums, rate * tableFactor, step);
    with.offerResults(parameters, gradient, step);
    peers.meet();
    with.takeResults(parameters, gradient, step);
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
