package io.tagloom.training.trainer;

import io.tagloom.features.blocks.Block;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeScorer;
import io.tagloom.training.models.MvkeShape;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether the experts have become different from one another: a mixture whose gates stay uniform or
 * whose experts are all alike is a single tower that costs more. Immutable.
 */
public final class ExpertHealth implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int MOST_BLOCKS = 4;

  private final double[] gateEntropy;
  private final double[][] kernelUse;
  private final double[][] kernelCosine;
  private final double[][] expertCosine;

  private ExpertHealth(
      double[] gateEntropy,
      double[][] kernelUse,
      double[][] kernelCosine,
      double[][] expertCosine) {
    this.gateEntropy = gateEntropy;
    this.kernelUse = kernelUse;
    this.kernelCosine = kernelCosine;
    this.expertCosine = expertCosine;
  }

  /** Looks at a model with some blocks, at most four of which are read. */
  static ExpertHealth of(MvkeShape shape, MvkeParameters parameters, List<Block> blocks) {
    MvkeScorer scorer = new MvkeScorer(shape, parameters);
    List<Block> sample = blocks.subList(0, Math.min(MOST_BLOCKS, blocks.size()));
    int tasks = shape.tasks();
    double[] entropy = new double[tasks];
    double[][] use = new double[tasks][];
    for (int t = 0; t < tasks; t++) {
      use[t] = new double[shape.kernels(t).length];
    }
    int kernels = scorer.kernels();
    double[][] mean = new double[kernels][scorer.outputDim()];
    long rows = 0;
    for (Block block : sample) {
      rows += block.rows();
      addExperts(scorer, block, mean);
      for (int t = 0; t < tasks; t++) {
        entropy[t] += addGates(scorer, block, t, use[t]);
      }
    }
    for (int t = 0; t < tasks; t++) {
      entropy[t] /= Math.max(1, rows);
      for (int k = 0; k < use[t].length; k++) {
        use[t][k] /= Math.max(1, rows);
      }
    }
    return new ExpertHealth(entropy, use, cosines(kernels(shape, parameters)), cosines(mean));
  }

  private static void addExperts(MvkeScorer scorer, Block block, double[][] sums) {
    int kernels = scorer.kernels();
    int width = scorer.outputDim();
    float[] experts = new float[block.rows() * kernels * width];
    scorer.experts(block, experts);
    for (int i = 0; i < experts.length; i++) {
      sums[i / width % kernels][i % width] += experts[i];
    }
  }

  private static double addGates(MvkeScorer scorer, Block block, int task, double[] use) {
    float[] vectors = new float[block.rows() * scorer.outputDim()];
    float[] gates = new float[block.rows() * use.length];
    scorer.tags(block, task, vectors, gates);
    double entropy = 0;
    for (int i = 0; i < gates.length; i++) {
      use[i % use.length] += gates[i];
      entropy -= gates[i] > 0f ? gates[i] * Math.log(gates[i]) : 0.0;
    }
    return entropy;
  }

  private static double[][] kernels(MvkeShape shape, MvkeParameters parameters) {
    float[] flat = parameters.slot(shape, "kernel");
    int kernels = shape.model().kernels();
    double[][] rows = new double[kernels][flat.length / kernels];
    for (int i = 0; i < flat.length; i++) {
      rows[i / rows[0].length][i % rows[0].length] = flat[i];
    }
    return rows;
  }

  private static double[][] cosines(double[][] vectors) {
    double[][] cosines = new double[vectors.length][vectors.length];
    for (int i = 0; i < vectors.length; i++) {
      for (int j = 0; j < vectors.length; j++) {
        double norms = Math.sqrt(dot(vectors[i], vectors[i]) * dot(vectors[j], vectors[j]));
        cosines[i][j] = norms > 0 ? dot(vectors[i], vectors[j]) / norms : 0;
      }
    }
    return cosines;
  }

  private static double dot(double[] left, double[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += left[i] * right[i];
    }
    return sum;
  }

  /**
   * Mean entropy of a task's gate in nats: {@code log} of the number of its kernels when all count
   * the same, 0 when one decides alone.
   */
  public double gateEntropy(int task) {
    return gateEntropy[task];
  }

  /** Mean gate weight of each kernel that a task reads, in the task's order; they sum to 1. */
  public double[] kernelUse(int task) {
    return kernelUse[task].clone();
  }

  /** Cosine of each pair of virtual kernels, [K][K]. */
  public double[][] kernelCosine() {
    return copy(kernelCosine);
  }

  /** Cosine of each pair of mean expert outputs, [K][K]. */
  public double[][] expertCosine() {
    return copy(expertCosine);
  }

  private static double[][] copy(double[][] matrix) {
    double[][] copy = new double[matrix.length][];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = matrix[i].clone();
    }
    return copy;
  }

  /** Numbers by key, as they stand in a bundle. */
  Map<String, Object> values(List<String> tasks) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int t = 0; t < gateEntropy.length; t++) {
      Map<String, Object> task = new LinkedHashMap<>();
      task.put("gate_entropy", gateEntropy[t]);
      task.put("kernel_use", list(kernelUse[t]));
      values.put(tasks.get(t), task);
    }
    values.put("kernel_cosine", lists(kernelCosine));
    values.put("expert_cosine", lists(expertCosine));
    return values;
  }

  private static List<Object> lists(double[][] matrix) {
    List<Object> lists = new ArrayList<>();
    for (double[] row : matrix) {
      lists.add(list(row));
    }
    return lists;
  }

  private static List<Object> list(double[] row) {
    Double[] boxed = new Double[row.length];
    Arrays.setAll(boxed, i -> row[i]);
    return Arrays.asList((Object[]) boxed);
  }

  /** Writes all numbers to the bit. */
  void write(DataOutput out) throws IOException {
    write(out, new double[][] {gateEntropy});
    write(out, kernelUse);
    write(out, kernelCosine);
    write(out, expertCosine);
  }

  /** Reads what {@link #write} has written. */
  static ExpertHealth read(DataInput in) throws IOException {
    return new ExpertHealth(readRows(in)[0], readRows(in), readRows(in), readRows(in));
  }

  private static void write(DataOutput out, double[][] rows) throws IOException {
    out.writeInt(rows.length);
    for (double[] row : rows) {
      out.writeInt(row.length);
      for (double value : row) {
        out.writeDouble(value);
      }
    }
  }

  private static double[][] readRows(DataInput in) throws IOException {
    double[][] rows = new double[in.readInt()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new double[in.readInt()];
      for (int j = 0; j < rows[i].length; j++) {
        rows[i][j] = in.readDouble();
      }
    }
    return rows;
  }
}
