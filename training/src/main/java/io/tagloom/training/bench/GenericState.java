package io.tagloom.training.bench;

import io.tagloom.training.bigdl.GenericExperts;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** JMH's view of BigDL's own modules: one operation is all experts over one tile. */
@State(Scope.Thread)
public class GenericState {
  static final int ROWS = 128;

  private GenericExperts experts;

  /** Makes weights and a batch. */
  @Setup
  public void prepare() {
    StepBenchmark bench = StepBenchmark.measured();
    experts =
        new GenericExperts(
            bench.sizes().of(Size.KERNELS), ROWS, 1, StepCost.expertLayers(bench.shape()));
  }

  /** Forward and backward pass. */
  @Benchmark
  public GenericExperts pass() {
    experts.pass();
    return experts;
  }
}
