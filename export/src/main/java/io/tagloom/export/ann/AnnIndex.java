package io.tagloom.export.ann;

import com.github.jelmerk.knn.DistanceFunctions;
import com.github.jelmerk.knn.SearchResult;
import com.github.jelmerk.knn.hnsw.HnswIndex;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * An HNSW index for the largest inner products, which is a nearest-neighbour search after one more
 * dimension has made all stored vectors equally long: v becomes (v, sqrt(M^2 - |v|^2)) with M the
 * longest, a query q becomes (q, 0), and the products stay as they were (Bachrach et al., "Speeding
 * up the Xbox recommender system using a Euclidean transformation for inner-product spaces", 2014).
 *
 * <p>Built by one thread in the order of the items, so that the same items give the same index.
 */
public final class AnnIndex {
  private final HnswIndex<String, float[], AnnItem, Float> graph;

  private AnnIndex(HnswIndex<String, float[], AnnItem, Float> graph) {
    this.graph = graph;
  }

  /**
   * Builds an index.
   *
   * @param names one name an item, each once
   * @param vectors one vector an item, all of one length
   * @param links links per node (M), 2 or more
   * @param buildWidth candidates kept while building (efConstruction), 1 or more
   * @param searchWidth candidates kept while searching (ef), 1 or more
   * @throws IllegalArgumentException if there are no items
   */
  public static AnnIndex build(
      List<String> names, List<float[]> vectors, int links, int buildWidth, int searchWidth) {
    if (names.isEmpty() || names.size() != vectors.size()) {
      throw new IllegalArgumentException(
          "Invalid items: "
              + names.size()
              + " names and "
              + vectors.size()
              + " vectors; expected as many of each, at least one.");
    }
    double longest = 0;
    for (float[] vector : vectors) {
      longest = Math.max(longest, squares(vector));
    }
    HnswIndex<String, float[], AnnItem, Float> graph =
        HnswIndex.newBuilder(
                vectors.get(0).length + 1, DistanceFunctions.FLOAT_INNER_PRODUCT, names.size())
            .withM(links)
            .withEfConstruction(buildWidth)
            .withEf(searchWidth)
            .build();
    for (int i = 0; i < names.size(); i++) {
      float last = (float) Math.sqrt(Math.max(0, longest - squares(vectors.get(i))));
      graph.add(new AnnItem(names.get(i), extended(vectors.get(i), last)));
    }
    return new AnnIndex(graph);
  }

  /** Number of items. */
  public int size() {
    return graph.size();
  }

  /**
   * The items of the largest inner products, approximately: the largest first, equal ones by name.
   *
   * @param query as long as the vectors
   * @param count items wanted
   */
  public List<Neighbour> nearest(float[] query, int count) {
    List<Neighbour> neighbours = new ArrayList<>();
    for (SearchResult<AnnItem, Float> result : graph.findNearest(extended(query, 0f), count)) {
      // The distance is 1 - product.
      neighbours.add(new Neighbour(result.item().id(), 1f - result.distance()));
    }
    Collections.sort(neighbours);
    return neighbours;
  }

  /** Writes the index; {@link #load} reads it. The stream is not closed. */
  public void save(OutputStream out) throws IOException {
    graph.save(out);
  }

  /**
   * Reads an index that {@link #save} has written. Only for files of one's own: it uses Java
   * serialisation.
   */
  public static AnnIndex load(InputStream in) throws IOException {
    HnswIndex<String, float[], AnnItem, Float> graph =
        HnswIndex.load(in, AnnIndex.class.getClassLoader());
    return new AnnIndex(graph);
  }

  private static double squares(float[] vector) {
    double sum = 0;
    for (float value : vector) {
      sum += (double) value * value;
    }
    return sum;
  }

  private static float[] extended(float[] vector, float last) {
    float[] longer = java.util.Arrays.copyOf(vector, vector.length + 1);
    longer[vector.length] = last;
    return longer;
  }
}
