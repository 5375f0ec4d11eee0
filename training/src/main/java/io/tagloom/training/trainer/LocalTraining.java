package io.tagloom.training.trainer;

import io.tagloom.conf.TrainingSettings;
import io.tagloom.training.layers.StepClock.Part;
import io.tagloom.training.models.Batch;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;
import io.tagloom.training.models.TrainStep;

/**
 * Training steps of a single worker on batches at hand: what is left of a run without Spark, data
 * and other workers. One caller at a time.
 */
public final class LocalTraining implements AutoCloseable {
  private final long seed;
  private final Crew crew;
  private final Replicas replicas;
  private final WeightUpdate update;
  private final MvkeParameters parameters;
  private long step;
  private long steps;
  private long passNanos;
  private long updateNanos;

  /**
   * A worker with new weights.
   *
   * @param training optimiser and its rate
   * @param seed seed of weights and dropout
   * @param threads compute threads, 1 or more
   */
  public LocalTraining(MvkeShape shape, TrainingSettings training, long seed, int threads) {
    TrainPlan plan = new TrainPlan("local", shape, training, seed, 1, threads, null, null);
    this.seed = seed;
    this.crew = new Crew(threads);
    this.replicas = new Replicas(shape, threads);
    this.update = new WeightUpdate(plan, new Alone(), crew, Long.MAX_VALUE);
    this.parameters = plan.firstWeights();
  }

  /**
   * Trains on a grouped batch.
   *
   * @return the norm of the dense gradient; weights stay as they are when it is not finite
   */
  public double step(Batch batch) {
    step++;
    long start = System.nanoTime();
    replicas.step(crew, parameters, batch, TrainStep.of(batch, seed, step));
    long between = System.nanoTime();
    double norm = update.apply(parameters, replicas, step, 0);
    steps++;
    passNanos += between - start;
    updateNanos += System.nanoTime() - between;
    return norm;
  }

  /** The weights. Not a copy. */
  public MvkeParameters parameters() {
    return parameters;
  }

  /** Sum of weighted losses of a task over the rows of the last batch. */
  public double lossSum(int task) {
    return replicas.lossSum(task);
  }

  /** Steps since the clocks were cleared. */
  public long steps() {
    return steps;
  }

  /** Time of their forward and backward passes. */
  public long passNanos() {
    return passNanos;
  }

  /** The same of sums over threads and updates of weights. */
  public long updateNanos() {
    return updateNanos;
  }

  /** Time of a part of the passes, added up over the threads. */
  public long nanos(Part part) {
    return replicas.nanos(part);
  }

  /** Rows that went through an expert network, added up over experts and threads. */
  public long expertRows() {
    return replicas.expertRows();
  }

  /** Rows that went through tag tower and gate, added up over tasks and threads. */
  public long taskRows() {
    return replicas.taskRows();
  }

  /** Sets all clocks and counts to 0. */
  public void clearClocks() {
    steps = 0;
    passNanos = 0;
    updateNanos = 0;
    replicas.clearClocks();
  }

  @Override
  public void close() {
    crew.close();
  }
}
