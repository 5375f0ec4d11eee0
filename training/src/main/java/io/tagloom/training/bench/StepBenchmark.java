package io.tagloom.training.bench;

import io.tagloom.conf.TrainingSettings;
import io.tagloom.training.layers.StepClock.Part;
import io.tagloom.training.models.Batch;
import io.tagloom.training.models.MvkeShape;
import io.tagloom.training.trainer.LocalTraining;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The speed of a training step: forward and backward pass, sum over the threads and optimiser, on
 * batches whose ids are grouped already, as the trainer's are by the time it takes them.
 *
 * <p>Beside it, before and after, the speed of MKL's product of two 512 x 512 matrices on as many
 * threads, which is what the processor can give; and that of the largest product of the step.
 */
public final class StepBenchmark {
  private static StepBenchmark measured;

  private final MvkeShape shape;
  private final StepSizes sizes;
  private final TrainingSettings training;
  private final double[] nanos = new double[Part.values().length];
  private double passNanos;
  private double updateNanos;
  private double expertRows;
  private double taskRows;
  private double bytes;

  private StepBenchmark(MvkeShape shape, StepSizes sizes, TrainingSettings training) {
    this.shape = shape;
    this.sizes = sizes;
    this.training = training;
  }

  /**
   * Measures.
   *
   * @param model makes the model of some sizes: {@link StepSizes#paper} or one of settings
   * @param seconds how long each number is measured, after two fifths of that to warm up
   * @param peers other programs to compare with, measured between two halves
   * @param scaling also steps with K, F, D and batch halved and doubled
   * @param progress told what is being measured
   * @return {@code samples_per_second}, {@code ms_per_step}, {@code gflops} (of the products
   *     computed), {@code gemm_peak_gflops} (512 x 512 x 512), {@code peak_share}, {@code
   *     gemm_step_gflops} (the experts' first layer), {@code flops_per_sample}, {@code
   *     flops_per_sample_all_rows} (if each expert saw each row), {@code bytes_per_sample}, {@code
   *     batch_ms} (making and grouping a batch on one thread), {@code parts.NAME} in milliseconds a
   *     step, {@code peers.NAME.samples_per_second} and {@code .ratio}, {@code scaling.SIZE.VALUE}
   *     in samples per second, {@code expert_rows_per_second} and {@code
   *     bigdl_expert_rows_per_second} (rows through one expert network, forward and backward; the
   *     second in BigDL's own modules, one per thread)
   */
  public static BenchResult run(
      StepSizes sizes,
      Function<StepSizes, MvkeShape> model,
      TrainingSettings training,
      double seconds,
      List<Peer> peers,
      boolean scaling,
      Consumer<String> progress) {
    BenchResult result = new BenchResult();
    MvkeShape shape = model.apply(sizes);
    int threads = sizes.of(Size.THREADS);
    progress.accept("products of MKL on " + threads + " threads");
    double peak = gigaflops("512x512x512", seconds / 3, threads);
    String product = product(shape);
    double stepPeak = gigaflops(product, seconds / 3, threads);
    progress.accept("steps");
    StepBenchmark bench = new StepBenchmark(shape, sizes, training);
    double one = bench.secondsOfOne(seconds);
    List<Double> speeds = new ArrayList<>();
    for (Peer peer : peers) {
      progress.accept("peer " + peer.name());
      speeds.add(peer.samplesPerSecond());
    }
    if (!peers.isEmpty()) {
      progress.accept("steps once more");
      one = (one + bench.secondsOfOne(seconds)) / 2;
    }
    progress.accept("products of MKL once more");
    peak = (peak + gigaflops("512x512x512", seconds / 3, threads)) / 2;
    bench.report(result, one, peak, stepPeak, product);
    progress.accept("expert networks of BigDL's own modules");
    bench.compareWithGeneric(result, seconds / 3);
    for (int i = 0; i < peers.size(); i++) {
      String name = "peers." + peers.get(i).name();
      double ratio = sizes.of(Size.BATCH) / one / speeds.get(i);
      result.put(name + ".samples_per_second", speeds.get(i));
      result.put(name + ".ratio", ratio);
      result.line(
          "peer %s: %,.0f samples/s; %.2f times as fast",
          peers.get(i).name(), speeds.get(i), ratio);
    }
    if (scaling) {
      scale(result, sizes, model, training, seconds, progress);
    }
    return result;
  }

  /** Samples per second alone. */
  static double samplesPerSecond(
      StepSizes sizes,
      Function<StepSizes, MvkeShape> model,
      TrainingSettings training,
      double seconds) {
    StepBenchmark bench = new StepBenchmark(model.apply(sizes), sizes, training);
    return sizes.of(Size.BATCH) / bench.secondsOfOne(seconds);
  }

  private static double gigaflops(String product, double seconds, int threads) {
    double one = Jmh.secondsOfOne(ProductState.class, seconds, threads, "product", product);
    return threads * ProductState.flops(product) / one / 1e9;
  }

  /** The first layer of an expert for one tile. */
  private static String product(MvkeShape shape) {
    List<Integer> hidden = shape.model().expertHidden();
    int units = hidden.isEmpty() ? shape.model().outputDim() : hidden.get(0);
    return io.tagloom.training.models.MvkeNetwork.TILE_ROWS
        + "x"
        + units
        + "x"
        + (shape.attendedWidth() + 1);
  }

  private double secondsOfOne(double seconds) {
    measured = this;
    try {
      return Jmh.secondsOfOne(StepState.class, seconds, 1);
    } finally {
      measured = null;
    }
  }

  private void report(
      BenchResult result, double one, double peak, double stepPeak, String product) {
    double rows = sizes.of(Size.BATCH);
    StepCost cost = new StepCost(shape, rows, expertRows, taskRows);
    double allRows = StepCost.ofAllRows(shape, rows).flops() / rows;
    double flops = cost.flops();
    double gigaflops = flops / one / 1e9;
    result.put("samples_per_second", rows / one);
    result.put("ms_per_step", one * 1e3);
    result.put("gflops", gigaflops);
    result.put("gemm_peak_gflops", peak);
    result.put("peak_share", gigaflops / peak);
    result.put("gemm_step_gflops", stepPeak);
    result.put("flops_per_sample", flops / rows);
    result.put("flops_per_sample_all_rows", allRows);
    result.put("bytes_per_sample", bytes / rows);
    result.put("batch_ms", batchMillis());
    result.line("%s", sizes);
    result.line(
        "%,.0f samples/s, %.1f ms a step; %.1f GFLOP/s, %.0f%% of the %.1f that 512x512x512 products"
            + " give on %d threads (%s, the experts' first layer: %.1f)",
        rows / one,
        one * 1e3,
        gigaflops,
        100 * gigaflops / peak,
        peak,
        sizes.of(Size.THREADS),
        product,
        stepPeak);
    result.line(
        "%,.0f FLOP a sample (%,.0f if every expert saw every row), %,.0f bytes of embeddings and"
            + " their state",
        flops / rows, allRows, bytes / rows);
    parts(result, cost);
  }

  /** Rows through one expert network, forward and backward, per second: BigDL's and ours. */
  private void compareWithGeneric(BenchResult result, double seconds) {
    int threads = sizes.of(Size.THREADS);
    measured = this;
    try {
      double one = Jmh.secondsOfOne(GenericState.class, seconds, threads);
      double generic = threads * GenericState.ROWS * (double) sizes.of(Size.KERNELS) / one;
      double spent = nanos[Part.EXPERTS.ordinal()] + nanos[Part.EXPERTS_BACKWARD.ordinal()];
      double own = expertRows * threads * 1e9 / spent;
      result.put("bigdl_expert_rows_per_second", generic);
      result.put("expert_rows_per_second", own);
      result.line(
          "expert networks alone: %,.0f rows/s; of BigDL's Linear and ReLU: %,.0f rows/s, %.2f"
              + " times as slow",
          own, generic, own / generic);
    } finally {
      measured = null;
    }
  }

  private void parts(BenchResult result, StepCost cost) {
    double threads = sizes.of(Size.THREADS);
    double all = passNanos + updateNanos;
    double rest = passNanos;
    result.line("%-22s %10s %8s %10s", "part", "ms a step", "share", "GFLOP/s");
    for (Part part : Part.values()) {
      double spent = nanos[part.ordinal()] / threads;
      rest -= spent;
      String name = part.name().toLowerCase(Locale.ROOT);
      result.put("parts." + name, spent / 1e6);
      result.line(
          "%-22s %10.2f %7.1f%% %10.1f",
          name, spent / 1e6, 100 * spent / all, spent > 0 ? cost.flops(part) / spent : 0);
    }
    result.put("parts.waiting", rest / 1e6);
    result.put("parts.update", updateNanos / 1e6);
    result.line("%-22s %10.2f %7.1f%%", "zero, sum and wait", rest / 1e6, 100 * rest / all);
    result.line("%-22s %10.2f %7.1f%%", "update", updateNanos / 1e6, 100 * updateNanos / all);
  }

  private double batchMillis() {
    Batch batch = new Batch(shape);
    double best = Double.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long start = System.nanoTime();
      RandomBatch.fill(batch, sizes, i);
      best = Math.min(best, (System.nanoTime() - start) / 1e6);
    }
    return best;
  }

  private static void scale(
      BenchResult result,
      StepSizes sizes,
      Function<StepSizes, MvkeShape> model,
      TrainingSettings training,
      double seconds,
      Consumer<String> progress) {
    result.line("%-22s %10s %10s %10s", "scaling", "samples/s", "ms a step", "GFLOP/s");
    for (Size size : new Size[] {Size.KERNELS, Size.FIELDS, Size.OUTPUT, Size.BATCH}) {
      for (int value : new int[] {sizes.of(size) / 2, sizes.of(size), 2 * sizes.of(size)}) {
        if (value < Math.max(size.least(), size == Size.KERNELS ? sizes.of(Size.TASKS) : 1)) {
          continue;
        }
        progress.accept("steps with " + size.label() + " " + value);
        StepSizes other = sizes.with(size, value);
        StepBenchmark bench = new StepBenchmark(model.apply(other), other, training);
        double one = bench.secondsOfOne(seconds / 2);
        double rows = other.of(Size.BATCH);
        double flops = new StepCost(bench.shape, rows, bench.expertRows, bench.taskRows).flops();
        result.put("scaling." + size.label() + "." + value, rows / one);
        result.line(
            "%-14s %7d %10.0f %10.1f %10.1f",
            size.label(), value, rows / one, one * 1e3, flops / one / 1e9);
      }
    }
  }

  /** What JMH measures at the moment: it makes states itself, and gives them nothing. */
  static StepBenchmark measured() {
    return measured;
  }

  MvkeShape shape() {
    return shape;
  }

  StepSizes sizes() {
    return sizes;
  }

  LocalTraining training() {
    return new LocalTraining(shape, training, 1, sizes.of(Size.THREADS));
  }

  /** Takes the clocks of an iteration, as of one step. */
  void take(LocalTraining done, Batch batch) {
    double steps = Math.max(1, done.steps());
    for (Part part : Part.values()) {
      nanos[part.ordinal()] = done.nanos(part) / steps;
    }
    passNanos = done.passNanos() / steps;
    updateNanos = done.updateNanos() / steps;
    expertRows = done.expertRows() / steps;
    taskRows = done.taskRows() / steps;
    bytes = StepCost.bytes(batch, sizes.of(Size.THREADS));
  }
}
