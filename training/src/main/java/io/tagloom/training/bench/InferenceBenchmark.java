package io.tagloom.training.bench;

import io.tagloom.conf.TrainingSettings;
import io.tagloom.training.models.MvkeShape;
import java.util.function.Consumer;
import java.util.function.Function;

/** The speed of scoring: experts of users, vectors and gate weights of tags; training beside it. */
public final class InferenceBenchmark {
  private static final double MILLION = 1e6;
  private static MvkeShape measured;

  private InferenceBenchmark() {}

  /**
   * Measures.
   *
   * @param model makes the model of some sizes
   * @param seconds how long each number is measured, after two fifths of that to warm up
   * @param progress told what is being measured
   * @return {@code users_per_second}, {@code users_gflops}, {@code samples_per_second} of training
   *     and {@code samples_per_second_all_experts} (where every row is one of every task, so that
   *     each expert sees each row, as in scoring), {@code users_to_training} and {@code
   *     users_to_training_all_experts}, {@code tags_per_second} and {@code
   *     seconds_per_million_tags} for all tasks
   */
  public static BenchResult run(
      StepSizes sizes,
      Function<StepSizes, MvkeShape> model,
      TrainingSettings training,
      double seconds,
      Consumer<String> progress) {
    MvkeShape shape = model.apply(sizes);
    int threads = sizes.of(Size.THREADS);
    progress.accept("experts of users");
    double users = rowsPerSecond(shape, "users", seconds, threads);
    progress.accept("gates of tags");
    double tags = rowsPerSecond(shape, "tags", seconds, threads);
    progress.accept("training steps");
    double some = StepBenchmark.samplesPerSecond(sizes, model, training, seconds);
    progress.accept("training steps, each row in each task");
    double all = StepBenchmark.samplesPerSecond(sizes.withClickShare(1), model, training, seconds);
    BenchResult result = new BenchResult();
    result.put("users_per_second", users);
    result.put("users_gflops", users * StepCost.ofAllRows(shape, 1).scoring() / 1e9);
    result.put("samples_per_second", some);
    result.put("samples_per_second_all_experts", all);
    result.put("users_to_training", users / some);
    result.put("users_to_training_all_experts", users / all);
    result.put("tags_per_second", tags);
    result.put("seconds_per_million_tags", MILLION / tags);
    result.line("%s", sizes);
    result.line(
        "%,.0f users/s, all %d experts of each; %.1f GFLOP/s",
        users, shape.model().kernels(), users * StepCost.ofAllRows(shape, 1).scoring() / 1e9);
    result.line(
        "%.2f times the %,.0f samples/s of training; %.2f times the %,.0f where each expert sees"
            + " each sample",
        users / some, some, users / all, all);
    result.line(
        "%,.0f tags/s, gates of %d tasks: %.2f s for a million tags",
        tags, shape.tasks(), MILLION / tags);
    return result;
  }

  private static double rowsPerSecond(MvkeShape shape, String side, double seconds, int threads) {
    measured = shape;
    try {
      double one = Jmh.secondsOfOne(ScorerState.class, seconds, threads, "side", side);
      return threads * ScorerState.ROWS / one;
    } finally {
      measured = null;
    }
  }

  /** What JMH measures at the moment. */
  static MvkeShape measured() {
    return measured;
  }
}
