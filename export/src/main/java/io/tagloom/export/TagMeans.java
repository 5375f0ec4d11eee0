package io.tagloom.export;

import io.tagloom.export.scoring.ScoredTask;
import io.tagloom.export.scoring.TagMatrix;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The tags of a task as means over their items.
 *
 * <p>Scores are inner products, so that the mean score of a tag's items is the product with the
 * mean of their ann vectors: one vector a tag, whatever the number of items. The mean of their
 * probabilities is no function of the mean score alone. For a sample of users both are summed up
 * over all items, and each tag gets the line {@code logit(mean probability) = scale * mean score +
 * bias} of least squares. Users of even number fit, those of odd number measure how far it is off.
 */
final class TagMeans {
  private final ScoredTask task;
  private final TagMatrix matrix;
  private final double[] scales;
  private final double[] biases;
  private double error;
  private double worst;
  private double worstScore;

  /**
   * Makes means of sums.
   *
   * @param tags tags that items carry, in ascending order of names
   */
  TagMeans(ExportSource source, ItemSums sums, int taskIndex, List<Integer> tags) {
    this.task = source.model().tasks().get(taskIndex);
    int dim = source.model().outputDim();
    int kernels = task.kernelCount();
    String[] names = new String[tags.size()];
    float[] vectors = new float[names.length * dim];
    float[] gates = new float[names.length * kernels];
    float[] ann = new float[names.length * kernels * dim];
    this.scales = new double[names.length];
    this.biases = new double[names.length];
    for (int i = 0; i < names.length; i++) {
      double[] sum = sums.of(taskIndex, tags.get(i));
      names[i] = source.vocabulary().get(tags.get(i));
      divide(sum, 1, kernels, gates, i * kernels);
      divide(sum, 1 + kernels, dim, vectors, i * dim);
      divide(sum, 1 + kernels + dim, kernels * dim, ann, i * kernels * dim);
      fit(sum, sum.length - 2 * sums.sample(), sums.sample(), i);
    }
    this.matrix = new TagMatrix(task, dim, names, vectors, gates).withMeans(ann, scales, biases);
    measure(source, sums, taskIndex, tags);
  }

  private static void divide(double[] sum, int from, int length, float[] into, int to) {
    for (int i = 0; i < length; i++) {
      into[to + i] = (float) (sum[from + i] / sum[0]);
    }
  }

  /** The line of a tag, through the users of even number; the task's slope where they are alike. */
  private void fit(double[] sum, int from, int sample, int tag) {
    double[] scores = new double[(sample + 1) / 2];
    double[] logits = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = sum[from + sample + 2 * i] / sum[0];
      logits[i] = Line.logit(sum[from + 2 * i] / sum[0]);
    }
    Line line = Line.through(scores, logits, scores.length, task.scale());
    scales[tag] = line.slope();
    biases[tag] = scores.length == 0 ? task.bias() : line.offset();
  }

  private void measure(ExportSource source, ItemSums sums, int taskIndex, List<Integer> tags) {
    int width = source.model().kernels() * source.model().outputDim();
    long pairs = 0;
    for (int i = 0; i < tags.size(); i++) {
      double[] sum = sums.of(taskIndex, tags.get(i));
      int from = sum.length - 2 * sums.sample();
      for (int user = 0; user < sums.sample(); user++) {
        double score = matrix.score(sums.users(), user * width, i);
        double exact = sum[from + sums.sample() + user] / sum[0];
        worstScore = Proof.worse(worstScore, Math.abs(score - exact));
        if (user % 2 == 1) {
          double off = Math.abs(matrix.probability(i, score) - sum[from + user] / sum[0]);
          error += off;
          worst = Proof.worse(worst, off);
          pairs++;
        }
      }
    }
    error /= Math.max(1, pairs);
  }

  TagMatrix matrix() {
    return matrix;
  }

  /** Largest distance of a score from the mean of the items' scores. */
  double worstScore() {
    return worstScore;
  }

  /** {@code tag_score.TASK.probability_error} and {@code probability_worst}. */
  SortedMap<String, Double> numbers() {
    SortedMap<String, Double> numbers = new TreeMap<>();
    numbers.put("tag_score." + task.name() + ".probability_error", error);
    numbers.put("tag_score." + task.name() + ".probability_worst", worst);
    return numbers;
  }
}
