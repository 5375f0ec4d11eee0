package io.tagloom.training.bench;

import io.tagloom.training.models.Batch;
import io.tagloom.training.trainer.LocalTraining;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** JMH's view of a training step: one operation is one step on the next of four batches. */
@State(Scope.Benchmark)
public class StepState {
  private static final int BATCHES = 4;

  private LocalTraining training;
  private Batch[] batches;
  private int next;

  /** Makes weights and batches. */
  @Setup
  public void prepare() {
    StepBenchmark bench = StepBenchmark.measured();
    training = bench.training();
    batches = new Batch[BATCHES];
    for (int i = 0; i < BATCHES; i++) {
      batches[i] = new Batch(bench.shape());
      RandomBatch.fill(batches[i], bench.sizes(), 7 + i);
    }
  }

  /** Parts are told of the last iteration alone. */
  @Setup(Level.Iteration)
  public void clear() {
    training.clearClocks();
  }

  /** Hands over what the clocks saw. */
  @TearDown(Level.Iteration)
  public void tell() {
    StepBenchmark.measured().take(training, batches[0]);
  }

  /** Ends the threads. */
  @TearDown
  public void end() {
    training.close();
  }

  /** One step. */
  @Benchmark
  public double step() {
    next = (next + 1) % BATCHES;
    return training.step(batches[next]);
  }
}
