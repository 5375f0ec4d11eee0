package io.tagloom.export;

import io.tagloom.export.scoring.ScoredTask;
import io.tagloom.features.blocks.FieldColumn;
import java.io.Serializable;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Weighted sums over the items that carry each tag, per task: what the means of tags are made of.
 *
 * <p>Sums of one tag and task, in this order: the weights; gates [K_t]; vectors [D]; ann vectors
 * [K_t * D]; and for each user of a sample the probability, then the score.
 */
final class ItemSums implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ArrayList<ScoredTask> tasks;
  private final int width;
  private final int dim;
  private final int tags;
  private final float[] users;
  private final int sample;

  /** Experts of the sample by user last, [K * D][sample]: then a loop over users is vectorised. */
  private final double[][] experts;

  private final double[][] sums;

  /**
   * Empty sums.
   *
   * @param kernels kernels of the model (K)
   * @param outputDim width of experts and vectors (D)
   * @param tags number of tags
   * @param users experts of a sample of users, [sample][K][D]
   */
  ItemSums(List<ScoredTask> tasks, int kernels, int outputDim, int tags, float[] users) {
    this.tasks = new ArrayList<>(tasks);
    this.width = kernels * outputDim;
    this.dim = outputDim;
    this.tags = tags;
    this.users = users;
    this.sample = users.length / width;
    this.experts = new double[width][sample];
    for (int i = 0; i < users.length; i++) {
      experts[i % width][i / width] = users[i];
    }
    this.sums = new double[tasks.size() * tags][];
  }

  /** The same without any item. */
  ItemSums empty() {
    return new ItemSums(tasks, width / dim, dim, tags, users);
  }

  /** Experts of the sample, [sample][K][D]. */
  float[] users() {
    return users;
  }

  /** Users of the sample. */
  int sample() {
    return sample;
  }

  /**
   * Adds items to the sums of one task.
   *
   * @param vectors [rows][D]
   * @param gates [rows][K_t]
   * @param carried ids of the tags of each row
   * @param tagOfId tag of each id, -1 where none
   * @param weights weight of each row
   */
  void add(
      int task,
      float[] vectors,
      float[] gates,
      FieldColumn carried,
      int[] tagOfId,
      double[] weights) {
    for (int row = 0; row < carried.rows(); row++) {
      double[] item = item(tasks.get(task), vectors, gates, row);
      for (int i = carried.start(row); i < carried.end(row); i++) {
        int id = carried.ids()[i];
        int tag = id < tagOfId.length ? tagOfId[id] : -1;
        if (tag >= 0) {
          addTo(task * tags + tag, item, weights[row]);
        }
      }
    }
  }

  /** An item's share in the sums of its tags, at weight 1. */
  private double[] item(ScoredTask task, float[] vectors, float[] gates, int row) {
    int kernels = task.kernelCount();
    int ann = 1 + kernels + dim;
    int end = ann + kernels * dim;
    double[] item = new double[end + 2 * sample];
    double[] scores = new double[sample];
    item[0] = 1;
    for (int d = 0; d < dim; d++) {
      item[1 + kernels + d] = vectors[row * dim + d];
    }
    for (int k = 0; k < kernels; k++) {
      double gate = gates[row * kernels + k];
      item[1 + k] = gate;
      for (int d = 0; d < dim; d++) {
        double factor = gate * vectors[row * dim + d];
        double[] expert = experts[task.kernel(k) * dim + d];
        item[ann + k * dim + d] = factor;
        for (int user = 0; user < scores.length; user++) {
          scores[user] += expert[user] * factor;
        }
      }
    }
    for (int user = 0; user < sample; user++) {
      item[end + user] = task.probability(scores[user]);
      item[end + sample + user] = scores[user];
    }
    return item;
  }

  private void addTo(int index, double[] item, double weight) {
    if (sums[index] == null) {
      sums[index] = new double[item.length];
    }
    double[] sum = sums[index];
    for (int j = 0; j < sum.length; j++) {
      sum[j] += weight * item[j];
    }
  }

  /** Adds sums that {@link #entries} gave elsewhere. */
  void add(Map.Entry<Integer, double[]> entry) {
    addTo(entry.getKey(), entry.getValue(), 1);
  }

  /** The sums by number of task * tags + tag, ascending. */
  Iterator<Map.Entry<Integer, double[]>> entries() {
    List<Map.Entry<Integer, double[]>> entries = new ArrayList<>();
    for (int i = 0; i < sums.length; i++) {
      if (sums[i] != null) {
        entries.add(new SimpleEntry<>(i, sums[i]));
      }
    }
    return entries.iterator();
  }

  /** The sums of a tag, or an empty array when no item carries it. */
  double[] of(int task, int tag) {
    double[] sum = sums[task * tags + tag];
    return sum == null ? new double[0] : sum;
  }
}
