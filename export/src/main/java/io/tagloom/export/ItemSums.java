package io.tagloom.export;

import io.tagloom.conf.ExportSettings.Gate;
import io.tagloom.export.scoring.ScoredTask;
import io.tagloom.export.scoring.TagMatrix;
import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.FieldColumn;
import java.io.Serializable;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Weighted sums over the items that carry each tag, per task: what the means of tags are made of.
 *
 * <p>Sums of one tag and task, in this order: the weights; gates [K_t]; vectors [D]; ann vectors
 * [K_t * D]; and for each user of a sample the probability, then the score.
 */
final class ItemSums implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ScoringModel model;
  private final Gate gate;
  private final String tagField;
  private final int[] tagOfId;
  private final int tags;
  private final float[] users;
  private final int sample;
  private final TreeMap<Integer, double[]> sums = new TreeMap<>();

  /**
   * Empty sums.
   *
   * @param tagField the item field that holds tags
   * @param tagOfId tag of each id in that field, -1 where none
   * @param tags number of tags
   * @param users experts of a sample of users, [sample][K][D]
   */
  ItemSums(ScoringModel model, Gate gate, String tagField, int[] tagOfId, int tags, float[] users) {
    this.model = model;
    this.gate = gate;
    this.tagField = tagField;
    this.tagOfId = tagOfId;
    this.tags = tags;
    this.users = users;
    this.sample = users.length / (model.kernels() * model.outputDim());
  }

  /** The same without any item. */
  ItemSums empty() {
    return new ItemSums(this);
  }

  private ItemSums(ItemSums other) {
    this.model = other.model;
    this.gate = other.gate;
    this.tagField = other.tagField;
    this.tagOfId = other.tagOfId;
    this.tags = other.tags;
    this.users = other.users;
    this.sample = other.sample;
  }

  /** Experts of the sample, [sample][K][D]. */
  float[] users() {
    return users;
  }

  /** Users of the sample. */
  int sample() {
    return sample;
  }

  /** Adds the items of a block, weights by row and task. */
  void add(Block items, double[][] weights) {
    List<ScoredTask> tasks = model.tasks();
    int dim = model.outputDim();
    for (int task = 0; task < tasks.size(); task++) {
      int kernels = tasks.get(task).kernelCount();
      float[] vectors = new float[items.rows() * dim];
      float[] gates = new float[items.rows() * kernels];
      model.tags(items, task, vectors, gates);
      if (gate == Gate.HARD) {
        TagMatrix.harden(gates, kernels);
      }
      for (int row = 0; row < items.rows(); row++) {
        double[] item = item(tasks.get(task), vectors, gates, row);
        addTo(task, items.field(tagField), row, item, weights[row][task]);
      }
    }
  }

  /** An item's share in the sums of its tags, at weight 1. */
  private double[] item(ScoredTask task, float[] vectors, float[] gates, int row) {
    int dim = model.outputDim();
    int kernels = task.kernelCount();
    int ann = 1 + kernels + dim;
    double[] item = new double[ann + kernels * dim + 2 * sample];
    item[0] = 1;
    for (int k = 0; k < kernels; k++) {
      item[1 + k] = gates[row * kernels + k];
      for (int d = 0; d < dim; d++) {
        item[ann + k * dim + d] = (double) gates[row * kernels + k] * vectors[row * dim + d];
      }
    }
    for (int d = 0; d < dim; d++) {
      item[1 + kernels + d] = vectors[row * dim + d];
    }
    int width = model.kernels() * dim;
    int end = ann + kernels * dim;
    for (int user = 0; user < sample; user++) {
      double score = 0;
      for (int k = 0; k < kernels; k++) {
        int expert = user * width + task.kernel(k) * dim;
        for (int d = 0; d < dim; d++) {
          score += users[expert + d] * item[ann + k * dim + d];
        }
      }
      item[end + user] = task.probability(score);
      item[end + sample + user] = score;
    }
    return item;
  }

  private void addTo(int task, FieldColumn carried, int row, double[] item, double weight) {
    for (int i = carried.start(row); i < carried.end(row); i++) {
      int id = carried.ids()[i];
      int tag = id < tagOfId.length ? tagOfId[id] : -1;
      if (tag >= 0) {
        double[] sum = sums.computeIfAbsent(task * tags + tag, key -> new double[item.length]);
        for (int j = 0; j < sum.length; j++) {
          sum[j] += weight * item[j];
        }
      }
    }
  }

  /** Adds sums that {@link #entries} gave elsewhere. */
  void add(Map.Entry<Integer, double[]> entry) {
    double[] sum = sums.computeIfAbsent(entry.getKey(), key -> new double[entry.getValue().length]);
    for (int j = 0; j < sum.length; j++) {
      sum[j] += entry.getValue()[j];
    }
  }

  /** The sums by number of task * tags + tag, ascending. */
  Iterator<Map.Entry<Integer, double[]>> entries() {
    List<Map.Entry<Integer, double[]>> entries = new ArrayList<>();
    sums.forEach((key, sum) -> entries.add(new SimpleEntry<>(key, sum)));
    return entries.iterator();
  }

  /** The sums of a tag, or an empty array when no item carries it. */
  double[] of(int task, int tag) {
    return sums.getOrDefault(task * tags + tag, new double[0]);
  }
}
