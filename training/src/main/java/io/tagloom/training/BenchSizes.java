package io.tagloom.training;

import java.io.Serializable;

/** Sizes of the data of {@link TrainBenchmark}. Immutable. */
public final class BenchSizes implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The reference shape: 20 user fields of 10,000 values, 20,000 tags, three per item. */
  public static final BenchSizes REFERENCE = new BenchSizes(400_000, 20, 10_000, 20_000, 3);

  private final int samples;
  private final int fields;
  private final int vocabulary;
  private final int tags;
  private final int tagsPerItem;
  private final int validSamples;

  /**
   * Sizes.
   *
   * @param samples training samples, 1 or more
   * @param fields user fields, one id each, 1 or more
   * @param vocabulary rows of each user field's table, 3 or more
   * @param tags rows of the tags' table, 3 or more
   * @param tagsPerItem tags of each sample's item, 1 or more
   * @throws IllegalArgumentException if a size is too small
   */
  public BenchSizes(int samples, int fields, int vocabulary, int tags, int tagsPerItem) {
    this(samples, fields, vocabulary, tags, tagsPerItem, 0);
  }

  private BenchSizes(
      int samples, int fields, int vocabulary, int tags, int tagsPerItem, int validSamples) {
    if (samples < 1 || fields < 1 || vocabulary < 3 || tags < 3 || tagsPerItem < 1) {
      throw new IllegalArgumentException(
          "Invalid benchmark sizes: "
              + samples
              + " samples, "
              + fields
              + " fields, vocabulary "
              + vocabulary
              + ", "
              + tags
              + " tags, "
              + tagsPerItem
              + " per item; expected 1 or more of each, and tables of 3 rows or more.");
    }
    this.samples = samples;
    this.fields = fields;
    this.vocabulary = vocabulary;
    this.tags = tags;
    this.tagsPerItem = tagsPerItem;
    this.validSamples = validSamples;
  }

  /** The same samples with about so many rows in all tables together, spread evenly. */
  public BenchSizes withRows(int rows) {
    int each = Math.max(3, rows / (fields + 1));
    return new BenchSizes(samples, fields, each, each, tagsPerItem, validSamples);
  }

  /** The same with validation samples beside the training samples. */
  public BenchSizes withValidation(int more) {
    return new BenchSizes(samples, fields, vocabulary, tags, tagsPerItem, more);
  }

  /** Validation samples. */
  public int validSamples() {
    return validSamples;
  }

  /** Rows of all tables together. */
  public long rows() {
    return (long) fields * vocabulary + tags;
  }

  /** Training samples. */
  public int samples() {
    return samples;
  }

  /** User fields. */
  public int fields() {
    return fields;
  }

  /** Rows of each user field's table. */
  public int vocabulary() {
    return vocabulary;
  }

  /** Rows of the tags' table. */
  public int tags() {
    return tags;
  }

  /** Tags of each item. */
  public int tagsPerItem() {
    return tagsPerItem;
  }
}
