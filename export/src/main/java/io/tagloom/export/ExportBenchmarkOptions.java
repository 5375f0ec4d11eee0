package io.tagloom.export;

import java.util.Objects;

/** Sizes of {@link ExportBenchmark}. Immutable. */
public final class ExportBenchmarkOptions {
  private final int users;
  private final int tags;
  private final int kernels;
  private final int outputDim;
  private final int top;
  private final int threads;
  private final String folder;
  private final int items;

  /**
   * Chooses sizes.
   *
   * @param users users ranked and written, at least 1
   * @param tags tags, at least 1
   * @param kernels kernels (K), at least 1
   * @param outputDim width of experts (D), at least 1
   * @param top tags per list, at least 1
   * @param threads threads, at least 1
   * @param folder where rows are written; a folder {@code benchmark} in it is made and removed
   * @throws IllegalArgumentException if a number is below 1
   */
  public ExportBenchmarkOptions(
      int users, int tags, int kernels, int outputDim, int top, int threads, String folder) {
    this(users, tags, kernels, outputDim, top, threads, folder, 0);
  }

  private ExportBenchmarkOptions(
      int users,
      int tags,
      int kernels,
      int outputDim,
      int top,
      int threads,
      String folder,
      int items) {
    this.items = items;
    this.users = positive("users", users);
    this.tags = positive("tags", tags);
    this.kernels = positive("kernels", kernels);
    this.outputDim = positive("outputDim", outputDim);
    this.top = positive("top", top);
    this.threads = positive("threads", threads);
    this.folder = Objects.requireNonNull(folder);
  }

  /** 1000 tags, K = 5, D = 32, top 20, on all processors. */
  public static ExportBenchmarkOptions standard(int users, String folder) {
    return new ExportBenchmarkOptions(
        users, 1000, 5, 32, 20, Runtime.getRuntime().availableProcessors(), folder);
  }

  /**
   * The same with tags that are the means of items.
   *
   * @param count items, each of three tags; 0 scores tags alone
   */
  public ExportBenchmarkOptions withItems(int count) {
    return new ExportBenchmarkOptions(users, tags, kernels, outputDim, top, threads, folder, count);
  }

  int items() {
    return items;
  }

  private static int positive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "Invalid " + name + ": " + value + "; expected 1 or more.");
    }
    return value;
  }

  int users() {
    return users;
  }

  int tags() {
    return tags;
  }

  int kernels() {
    return kernels;
  }

  int outputDim() {
    return outputDim;
  }

  int top() {
    return top;
  }

  int threads() {
    return threads;
  }

  String folder() {
    return folder;
  }
}
