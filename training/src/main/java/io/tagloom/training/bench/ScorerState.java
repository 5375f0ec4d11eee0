package io.tagloom.training.bench;

import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.FieldColumn;
import io.tagloom.training.models.MvkeScorer;
import io.tagloom.training.models.MvkeShape;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** JMH's view of scoring on each thread: one operation is a block of users, or of tags. */
@State(Scope.Thread)
public class ScorerState {
  static final int ROWS = 8192;

  /** {@code users}: their experts; {@code tags}: vector and gate weights for every task. */
  @Param("users")
  public String side;

  private MvkeScorer scorer;
  private Block block;
  private float[] vectors;
  private float[] gates;
  private int tasks;

  /** Makes weights and a block of random ids. */
  @Setup
  public void prepare() {
    MvkeShape shape = InferenceBenchmark.measured();
    boolean users = side.equals("users");
    tasks = users ? 0 : shape.tasks();
    scorer = new MvkeScorer(shape, shape.initialize(1));
    int from = users ? 0 : shape.userFields();
    int to = users ? shape.userFields() : from + 1;
    FieldColumn[] columns = new FieldColumn[to - from];
    SplittableRandom random = new SplittableRandom(3);
    for (int t = from; t < to; t++) {
      int rows = shape.tables().get(t).rows();
      columns[t - from] = FieldColumn.single(random.ints(ROWS, 1, rows).toArray());
    }
    block =
        Block.of(
            (users ? scorer.userFields() : scorer.itemFields()).subList(0, to - from), columns);
    int width = scorer.outputDim();
    vectors = new float[ROWS * width * (users ? scorer.kernels() : 1)];
    gates = new float[ROWS * scorer.kernels()];
  }

  /** One block. */
  @Benchmark
  public float[] score() {
    if (side.equals("users")) {
      scorer.experts(block, vectors);
    } else {
      for (int task = 0; task < tasks; task++) {
        scorer.tags(block, task, vectors, gates);
      }
    }
    return vectors;
  }
}
