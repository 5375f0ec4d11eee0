package io.tagloom.export;

import io.tagloom.conf.ExportSettings;
import io.tagloom.conf.SettingsException;
import io.tagloom.export.scoring.KeyOrder;
import io.tagloom.export.scoring.ScoredTask;
import io.tagloom.export.scoring.TagMatrix;
import io.tagloom.export.tables.Gates;
import io.tagloom.features.blocks.Block;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Vectors and gates of every tag, per task. */
final class TagTables {
  private static final int BLOCK = 4096;

  private TagTables() {}

  /** The tags of each task, in the model's order of tasks. */
  static List<TagMatrix> matrices(ExportSource source, ExportSettings.Gate gate) {
    List<ScoredTask> tasks = source.model().tasks();
    List<TagMatrix> matrices = new ArrayList<>();
    for (int task = 0; task < tasks.size(); task++) {
      TagMatrix matrix = matrix(source, task, tasks.get(task));
      if (tasks.get(task).kind().isInnerProduct()) {
        matrices.add(gate == ExportSettings.Gate.HARD ? matrix.hardened() : matrix);
      } else {
        TagMatrix unit = matrix.normalised();
        matrices.add(gate == ExportSettings.Gate.HARD ? unit.hardened() : unit);
      }
    }
    return matrices;
  }

  private static TagMatrix matrix(ExportSource source, int taskIndex, ScoredTask task) {
    List<String> vocabulary = source.vocabulary();
    int dim = source.model().outputDim();
    int kernels = task.kernelCount();
    float[] vectors = new float[vocabulary.size() * dim];
    float[] gates = new float[vocabulary.size() * kernels];
    for (int from = 0; from < vocabulary.size(); from += BLOCK) {
      int to = Math.min(vocabulary.size(), from + BLOCK);
      Block block = source.singleTags(from, to);
      float[] someVectors = new float[(to - from) * dim];
      float[] someGates = new float[(to - from) * kernels];
      source.model().tags(block, taskIndex, someVectors, someGates);
      System.arraycopy(someVectors, 0, vectors, from * dim, someVectors.length);
      System.arraycopy(someGates, 0, gates, from * kernels, someGates.length);
    }
    return sorted(task, dim, vocabulary, vectors, gates);
  }

  /** A matrix in the order of names from arrays in the order of ids. */
  static TagMatrix sorted(
      ScoredTask task, int dim, List<String> names, float[] vectors, float[] gates) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      order.add(i);
    }
    Collections.sort(order, (a, b) -> KeyOrder.compare(names.get(a), names.get(b)));
    int kernels = task.kernelCount();
    String[] sortedNames = new String[names.size()];
    float[] sortedVectors = new float[vectors.length];
    float[] sortedGates = new float[gates.length];
    for (int to = 0; to < sortedNames.length; to++) {
      int from = order.get(to);
      sortedNames[to] = names.get(from);
      System.arraycopy(vectors, from * dim, sortedVectors, to * dim, dim);
      System.arraycopy(gates, from * kernels, sortedGates, to * kernels, kernels);
    }
    return new TagMatrix(task, dim, sortedNames, sortedVectors, sortedGates);
  }

  /** The rows of tag_gates: by tag, then in the order of tasks. */
  static List<Gates> rows(List<TagMatrix> matrices, boolean annVectors) {
    List<Gates> rows = new ArrayList<>();
    for (int tag = 0; tag < matrices.get(0).size(); tag++) {
      for (TagMatrix matrix : matrices) {
        rows.add(row(matrix, tag, annVectors));
      }
    }
    return rows;
  }

  static Gates row(TagMatrix matrix, int tag, boolean annVectors) {
    int dim = matrix.outputDim();
    int kernels = matrix.task().kernelCount();
    float[] vector = new float[dim];
    float[] gate = new float[kernels];
    System.arraycopy(matrix.vectors(), tag * dim, vector, 0, dim);
    System.arraycopy(matrix.gates(), tag * kernels, gate, 0, kernels);
    float[] ann = annVectors || matrix.hasMeans() ? matrix.annVector(tag) : new float[0];
    return new Gates(
        matrix.name(tag),
        matrix.task().name(),
        vector,
        gate,
        matrix.task().kernels(),
        ann,
        matrix.scale(tag),
        matrix.bias(tag));
  }

  /**
   * Makes sure that ann_vector, when it is asked for, can be written.
   *
   * @throws SettingsException if a task's score is {@code cosine}
   */
  static void checkAnn(List<ScoredTask> tasks, boolean annVectors) {
    for (ScoredTask task : tasks) {
      if (annVectors && !task.kind().isInnerProduct()) {
        throw new SettingsException(
            "Cannot write ann_vector for task "
                + task.name()
                + ": with model.score = cosine the score is divided by the length of the mixed"
                + " expert, which differs from tag to tag, so that a nearest-neighbour search by"
                + " inner product ranks differently. Set export.ann.vectors = off and"
                + " export.ann.index = off, or train with model.score = kernel-cosine.");
      }
    }
  }
}
