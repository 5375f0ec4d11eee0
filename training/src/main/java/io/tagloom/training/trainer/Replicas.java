package io.tagloom.training.trainer;

import io.tagloom.training.layers.StepClock;
import io.tagloom.training.models.Batch;
import io.tagloom.training.models.MvkeGradients;
import io.tagloom.training.models.MvkeNetwork;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;
import io.tagloom.training.models.TrainStep;

/** One network and one set of gradients per thread, over shared weights. */
final class Replicas {
  private final MvkeNetwork[] networks;
  private final MvkeGradients[] gradients;

  Replicas(MvkeShape shape, int threads) {
    networks = new MvkeNetwork[threads];
    gradients = new MvkeGradients[threads];
    for (int i = 0; i < threads; i++) {
      networks[i] = new MvkeNetwork(shape);
      gradients[i] = new MvkeGradients(shape);
    }
  }

  /** Gradients by thread. */
  MvkeGradients[] gradients() {
    return gradients;
  }

  /**
   * Each thread computes the gradients of its range of the batch, whole tiles; then the dense ones
   * are added up into the first, by ranges of weights.
   */
  void step(Crew crew, MvkeParameters parameters, Batch batch, TrainStep step) {
    int tile = networks[0].tileRows();
    int tiles = (batch.rows() + tile - 1) / tile;
    crew.run(
        thread -> {
          int from = (int) ((long) tiles * thread / crew.size()) * tile;
          int to = Math.min(batch.rows(), (int) ((long) tiles * (thread + 1) / crew.size()) * tile);
          gradients[thread].begin(batch);
          if (from < to) {
            networks[thread].step(parameters, batch, from, to, step, gradients[thread]);
          }
        });
    sumDense(crew);
  }

  private void sumDense(Crew crew) {
    float[] sum = gradients[0].dense();
    crew.run(
        thread -> {
          int from = (int) ((long) sum.length * thread / crew.size());
          int to = (int) ((long) sum.length * (thread + 1) / crew.size());
          for (int i = 1; i < gradients.length; i++) {
            TableUpdate.add(gradients[i].dense(), sum, from, to);
          }
        });
  }

  /** Adds the replicas' gradients of touched rows into the first, by ranges of rows. */
  void sumTables(Crew crew, MvkeShape shape) {
    crew.run(
        thread -> {
          for (int t = 0; t < shape.tables().size(); t++) {
            int count = gradients[0].rowCount(t);
            int from = (int) ((long) count * thread / crew.size());
            int to = (int) ((long) count * (thread + 1) / crew.size());
            TableUpdate.sumReplicas(gradients, t, shape.tables().get(t).width(), from, to);
          }
        });
  }

  /** Time of a part, added up over the threads. */
  long nanos(StepClock.Part part) {
    long nanos = 0;
    for (MvkeNetwork network : networks) {
      nanos += network.clock().nanos(part);
    }
    return nanos;
  }

  /** Rows that went through an expert network, added up over experts and threads. */
  long expertRows() {
    long rows = 0;
    for (MvkeNetwork network : networks) {
      rows += network.clock().expertRows();
    }
    return rows;
  }

  /** Rows that went through tag tower and gate, added up over tasks and threads. */
  long taskRows() {
    long rows = 0;
    for (MvkeNetwork network : networks) {
      rows += network.clock().taskRows();
    }
    return rows;
  }

  void clearClocks() {
    for (MvkeNetwork network : networks) {
      network.clock().clear();
    }
  }

  /** Sum of weighted losses of a task. */
  double lossSum(int task) {
    double sum = 0;
    for (MvkeGradients gradient : gradients) {
      sum += gradient.lossSum(task);
    }
    return sum;
  }

  /** Sum of row weights of a task. */
  double weightSum(int task) {
    double sum = 0;
    for (MvkeGradients gradient : gradients) {
      sum += gradient.weightSum(task);
    }
    return sum;
  }
}
