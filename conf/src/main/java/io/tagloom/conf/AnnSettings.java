package io.tagloom.conf;

import java.util.List;

/**
 * Vectors and index for approximate nearest-neighbour search: block {@code export.ann} of {@code
 * reference.conf}. Immutable.
 */
public final class AnnSettings {
  private final boolean vectors;
  private final boolean index;
  private final int links;
  private final int buildWidth;
  private final int searchWidth;
  private final int shards;
  private final int recallUsers;
  private final double minRecall;
  private final List<String> files;

  AnnSettings(SettingsReader reader) {
    this.vectors = reader.onOff("vectors");
    this.index = reader.onOff("index");
    this.links = reader.integer("links", 2, 128);
    this.buildWidth = reader.integer("build-width", 1, 10_000);
    this.searchWidth = reader.integer("search-width", 1, 10_000);
    this.shards = reader.integer("shards", 1, 1000);
    this.recallUsers = reader.integer("recall-users", 1, 100_000);
    this.minRecall = reader.number("min-recall", 0.0, 1.0);
    this.files = reader.texts("files");
    if (index && !vectors) {
      reader.fault("index", "on", "off when vectors = off");
    }
    if (!files.isEmpty() && !vectors) {
      reader.fault("files", String.valueOf(files), "[] when vectors = off");
    }
    for (String file : files) {
      if (!file.equals("fvecs") && !file.equals("npy")) {
        reader.fault("files", file, "any of fvecs, npy");
      }
    }
  }

  /** Whether {@code ann_vector} is written. */
  public boolean vectors() {
    return vectors;
  }

  /** Whether an HNSW index is built over it. */
  public boolean index() {
    return index;
  }

  /** Links per node of the index (M of the HNSW paper), 2 to 128. */
  public int links() {
    return links;
  }

  /** Candidates kept while building, 1 to 10000. */
  public int buildWidth() {
    return buildWidth;
  }

  /** Candidates kept while searching, 1 to 10000. */
  public int searchWidth() {
    return searchWidth;
  }

  /** Parts of an index, 1 to 1000. */
  public int shards() {
    return shards;
  }

  /** Users whose searches measure recall, 1 to 100000. */
  public int recallUsers() {
    return recallUsers;
  }

  /** Least recall of the best 10 without a warning, 0 to 1. */
  public double minRecall() {
    return minRecall;
  }

  /** Formats of plain vector files: any of fvecs, npy. */
  public List<String> files() {
    return files;
  }
}
