package io.tagloom.export;

import io.tagloom.export.scoring.MatrixProduct;
import io.tagloom.export.scoring.ScoreKind;
import io.tagloom.export.scoring.ScoredTask;
import io.tagloom.export.scoring.TagMatrix;
import io.tagloom.export.tables.TableKind;
import io.tagloom.export.tables.TablePart;
import io.tagloom.export.tables.TableWriter;
import io.tagloom.export.tables.UserProfile;
import io.tagloom.export.tables.UserVectors;
import io.tagloom.features.blocks.FieldColumn;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Speed of ranking and writing without Spark: random users and tags, two tasks as in the default
 * model (the first three fifths of the kernels, and all but the first).
 */
public final class ExportBenchmark {
  private static final int BLOCK = 4096;
  private static final int DISTINCT_BLOCKS = 4;
  private static final int PEAK_SIZE = 512;
  private static final int TAGS_PER_ITEM = 3;

  private final ExportBenchmarkOptions options;
  private final MatrixProduct product;
  private final ProfilePlan plan;
  private final float[][] blocks = new float[DISTINCT_BLOCKS][];
  private long meansNanos;

  private ExportBenchmark(ExportBenchmarkOptions options, MatrixProduct product)
      throws IOException {
    this.options = options;
    this.product = product;
    Random random = new Random(42);
    int kernels = options.kernels();
    TagMatrix interests = list(random, "ctr", 0, Math.max(1, 3 * kernels / 5));
    TagMatrix intentions = list(random, "cvr", Math.min(1, kernels - 1), kernels);
    this.plan =
        new ProfilePlan(
            Optional.of(interests),
            Optional.of(intentions),
            kernels,
            options.top(),
            0.0,
            0,
            new int[0],
            "2026-11-01",
            "benchmark");
    for (int i = 0; i < DISTINCT_BLOCKS; i++) {
      blocks[i] = new float[BLOCK * kernels * options.outputDim()];
      fill(random, blocks[i], options.outputDim());
    }
  }

  /**
   * Measures.
   *
   * @return {@code users_per_second} (experts to both ranked lists, and the means of items where
   *     there are any), {@code gflops} (2 x users x tags x floats that meet a tag: D for each of
   *     the task's kernels, both tasks; selection counts nothing), {@code peak_gflops} (products of
   *     512 x 512 x 512 on as many threads, before and after, the better of the two), {@code
   *     peak_share} (their ratio), {@code write_rows_per_second} (profile and vector rows
   *     together), {@code peak_heap_mb}, {@code threads}, {@code users}, {@code tags}
   */
  public static SortedMap<String, Double> run(ExportBenchmarkOptions options, MatrixProduct product)
      throws IOException {
    return new ExportBenchmark(options, product).measure();
  }

  private SortedMap<String, Double> measure() throws IOException {
    // Warm-up: the loops must be compiled before they are timed.
    rankAll(Math.min(options.users(), 40 * BLOCK));
    double peak = peakGflops();
    resetHeapPeaks();
    long start = System.nanoTime();
    rankAll(options.users());
    double seconds = (System.nanoTime() - start + meansNanos) / 1e9;
    // Whichever is faster, should the machine have been busy with something else at one of them.
    peak = Math.max(peak, peakGflops());
    SortedMap<String, Double> numbers = new TreeMap<>();
    double width = 0;
    for (TagMatrix tags : lists()) {
      width += tags.task().spanLength() * (double) options.outputDim();
    }
    double gflops = 2e-9 * options.users() * options.tags() * width / seconds;
    numbers.put("users", (double) options.users());
    numbers.put("tags", (double) options.tags());
    numbers.put("items", (double) options.items());
    numbers.put("threads", (double) options.threads());
    numbers.put("users_per_second", options.users() / seconds);
    numbers.put("gflops", gflops);
    numbers.put("peak_gflops", peak);
    numbers.put("peak_share", gflops / peak);
    start = System.nanoTime();
    writeAll();
    double writing = (System.nanoTime() - start) / 1e9;
    numbers.put("write_rows_per_second", 2.0 * options.users() / writing);
    numbers.put("peak_heap_mb", peakHeapMegabytes());
    return numbers;
  }

  private List<TagMatrix> lists() {
    List<TagMatrix> lists = new ArrayList<>();
    plan.interests().ifPresent(lists::add);
    plan.intentions().ifPresent(lists::add);
    return lists;
  }

  /** The tags of a task: alone, or the means of items, whose time is measured. */
  private TagMatrix list(Random random, String task, int firstKernel, int endKernel)
      throws IOException {
    TagMatrix tags = tags(random, task, firstKernel, endKernel, options.tags());
    if (options.items() == 0) {
      return tags;
    }
    TagMatrix items = tags(random, task, firstKernel, endKernel, options.items());
    float[] users = new float[TagScores.SAMPLE_USERS * options.kernels() * options.outputDim()];
    fill(random, users, options.outputDim());
    FieldColumn[] carried = new FieldColumn[options.threads()];
    for (int thread = 0; thread < carried.length; thread++) {
      carried[thread] = carried(random, start(thread + 1) - start(thread));
    }
    // Once to compile.
    means(tags, items, carried, users);
    long start = System.nanoTime();
    TagMatrix means = means(tags, items, carried, users);
    meansNanos += System.nanoTime() - start;
    return means;
  }

  /** First item of a thread. */
  private int start(int thread) {
    return (int) ((long) options.items() * thread / options.threads());
  }

  /** Tags of some items. */
  private FieldColumn carried(Random random, int items) {
    int[] ids = new int[items * TAGS_PER_ITEM];
    int[] offsets = new int[items + 1];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = random.nextInt(options.tags());
      offsets[i / TAGS_PER_ITEM + 1] = i + 1;
    }
    return new FieldColumn(items, ids, offsets, new float[0]);
  }

  /** The means of items as an export makes them, on all threads, then summed up. */
  private TagMatrix means(TagMatrix tags, TagMatrix items, FieldColumn[] carried, float[] users)
      throws IOException {
    int dim = tags.outputDim();
    ItemSums[] parts = new ItemSums[carried.length];
    List<ScoredTask> task = Collections.singletonList(tags.task());
    ItemSums sums = new ItemSums(task, options.kernels(), dim, tags.size(), users);
    int[] tagOfId = IntStream.range(0, tags.size()).toArray();
    everyThread(
        thread -> {
          int rows = carried[thread].rows();
          int from = start(thread);
          int kernels = tags.task().kernelCount();
          float[] vectors = Arrays.copyOfRange(items.vectors(), from * dim, (from + rows) * dim);
          float[] gates =
              Arrays.copyOfRange(items.gates(), from * kernels, (from + rows) * kernels);
          double[] weights = new double[rows];
          Arrays.fill(weights, 1.0);
          parts[thread] = sums.empty();
          parts[thread].add(0, vectors, gates, carried[thread], tagOfId, weights);
        });
    for (ItemSums part : parts) {
      part.entries().forEachRemaining(sums::add);
    }
    return withMeans(tags, sums);
  }

  private static TagMatrix withMeans(TagMatrix tags, ItemSums sums) {
    int from = 1 + tags.task().kernelCount() + tags.outputDim();
    int width = tags.task().kernelCount() * tags.outputDim();
    float[] means = new float[tags.size() * width];
    for (int tag = 0; tag < tags.size(); tag++) {
      double[] sum = sums.of(0, tag);
      for (int j = 0; j < width && sum.length > 0; j++) {
        means[tag * width + j] = (float) (sum[from + j] / sum[0]);
      }
    }
    double[] scales = new double[tags.size()];
    double[] biases = new double[tags.size()];
    Arrays.fill(scales, tags.task().scale());
    Arrays.fill(biases, tags.task().bias());
    return tags.withMeans(means, scales, biases);
  }

  private TagMatrix tags(Random random, String task, int firstKernel, int endKernel, int count) {
    int[] kernels = new int[endKernel - firstKernel];
    for (int k = 0; k < kernels.length; k++) {
      kernels[k] = firstKernel + k;
    }
    String[] names = new String[count];
    float[] gates = new float[names.length * kernels.length];
    for (int tag = 0; tag < names.length; tag++) {
      names[tag] = String.format("tag%07d", tag);
      float left = 1f;
      for (int k = 0; k < kernels.length; k++) {
        float weight = k == kernels.length - 1 ? left : left * random.nextFloat();
        gates[tag * kernels.length + k] = weight;
        left -= weight;
      }
    }
    float[] vectors = new float[names.length * options.outputDim()];
    fill(random, vectors, options.outputDim());
    ScoredTask scored = new ScoredTask(task, kernels, 5, -2, ScoreKind.KERNEL_COSINE);
    return new TagMatrix(scored, options.outputDim(), names, vectors, gates);
  }

  /** Rows of length 1. */
  private static void fill(Random random, float[] values, int width) {
    for (int row = 0; row < values.length / width; row++) {
      double squares = 0;
      for (int d = 0; d < width; d++) {
        values[row * width + d] = (float) random.nextGaussian();
        squares += values[row * width + d] * values[row * width + d];
      }
      for (int d = 0; d < width; d++) {
        values[row * width + d] /= (float) Math.sqrt(squares);
      }
    }
  }

  private void rankAll(int users) throws IOException {
    everyThread(
        thread -> {
          ListRankings rankings = new ListRankings(plan, product);
          int from = (int) ((long) users * thread / options.threads());
          int to = (int) ((long) users * (thread + 1) / options.threads());
          for (int user = from; user < to; user += BLOCK) {
            rankings.rank(blocks[user / BLOCK % DISTINCT_BLOCKS], Math.min(BLOCK, to - user));
          }
        });
  }

  private void writeAll() throws IOException {
    Configuration configuration = new Configuration();
    Path folder = new Path(options.folder(), "benchmark");
    try {
      everyThread(thread -> writePart(configuration, folder, thread));
    } finally {
      folder.getFileSystem(configuration).delete(folder, true);
    }
  }

  private void writePart(Configuration configuration, Path folder, int thread) throws IOException {
    int from = (int) ((long) options.users() * thread / options.threads());
    int to = (int) ((long) options.users() * (thread + 1) / options.threads());
    int width = options.kernels() * options.outputDim();
    ProfileRanking ranking = new ProfileRanking(plan, product);
    ranking.rank(blocks[0], BLOCK);
    List<UserProfile> profiles = new ArrayList<>();
    for (int row = 0; row < BLOCK; row++) {
      profiles.add(ranking.profile(row, ""));
    }
    try (TableWriter<UserVectors> vectors =
            TableWriter.vectors(part(configuration, folder, TableKind.USER_VECTORS, thread));
        TableWriter<UserProfile> lists =
            TableWriter.profiles(part(configuration, folder, TableKind.USER_TAG_PROFILE, thread))) {
      for (int user = from; user < to; user++) {
        String id = String.format("user%09d", user);
        int row = user % BLOCK;
        vectors.write(
            new UserVectors(id, options.kernels(), options.outputDim(), blocks[0], row * width));
        lists.write(profiles.get(row).as(id));
      }
      vectors.commit();
      lists.commit();
    }
  }

  private static TablePart part(
      Configuration configuration, Path folder, TableKind kind, int thread) {
    return new TablePart(configuration, folder, kind, thread, "benchmark", "benchmark");
  }

  private double peakGflops() throws IOException {
    int calls = 40;
    double best = 0;
    for (int round = 0; round < 5; round++) {
      long start = System.nanoTime();
      everyThread(
          thread -> {
            int n = PEAK_SIZE;
            float[] a = new float[n * n];
            float[] b = new float[n * n];
            float[] c = new float[n * n];
            for (int call = 0; call < calls; call++) {
              product.multiply(n, n, n, a, 0, n, b, 0, n, c, n);
            }
          });
      double seconds = (System.nanoTime() - start) / 1e9;
      double flops = 2.0 * PEAK_SIZE * PEAK_SIZE * PEAK_SIZE * calls * options.threads();
      best = Math.max(best, flops / seconds / 1e9);
    }
    return best;
  }

  private void everyThread(Work work) throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(options.threads());
    try {
      List<Future<Void>> running = new ArrayList<>();
      for (int i = 0; i < options.threads(); i++) {
        int thread = i;
        Callable<Void> call =
            () -> {
              work.run(thread);
              return null;
            };
        running.add(threads.submit(call));
      }
      for (Future<Void> one : running) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("Cannot finish the benchmark: " + e.getCause() + ".", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Cannot finish the benchmark: it was interrupted.", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static void resetHeapPeaks() {
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      pool.resetPeakUsage();
    }
  }

  private static double peakHeapMegabytes() {
    double bytes = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      bytes += pool.getType() == MemoryType.HEAP ? pool.getPeakUsage().getUsed() : 0;
    }
    return bytes / (1 << 20);
  }

  private interface Work {
    void run(int thread) throws IOException;
  }
}
