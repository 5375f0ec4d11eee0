package io.tagloom.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.features.LocalSpark;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class SortedEvaluationIT {
  private static final int ROWS = 4000;

  @Test
  void equalsTheMetricsOfAllRowsInMemory() {
    Random random = new Random(3);
    float[][] logits = new float[2][ROWS];
    float[][] targets = new float[2][ROWS];
    float[][] weights = new float[2][ROWS];
    double[] loss = new double[2];
    double[] total = new double[2];
    for (int t = 0; t < 2; t++) {
      for (int i = 0; i < ROWS; i++) {
        targets[t][i] = random.nextInt(5) == 0 ? 1 : 0;
        logits[t][i] = Math.round(20 * (random.nextGaussian() + targets[t][i])) / 20f - 1;
        weights[t][i] = random.nextInt(3);
        loss[t] += weights[t][i] * Logistic.loss(logits[t][i], targets[t][i]);
        total[t] += weights[t][i];
      }
    }
    List<ScoredRows> pieces = new ArrayList<>();
    for (int t = 0; t < 2; t++) {
      for (int from = 0; from < ROWS; from += 500) {
        pieces.add(
            new ScoredRows(
                t,
                Arrays.copyOfRange(logits[t], from, from + 500),
                Arrays.copyOfRange(targets[t], from, from + 500),
                Arrays.copyOfRange(weights[t], from, from + 500)));
      }
    }

    Evaluation evaluation = run(pieces);

    for (int t = 0; t < 2; t++) {
      TaskEvaluation task = evaluation.tasks().get(t);
      assertThat(task.auc())
          .isCloseTo(Auc.of(logits[t], targets[t], weights[t], ROWS), within(1e-12));
      assertThat(task.logLoss()).isCloseTo(loss[t] / total[t], within(1e-12));
      assertThat(task.weight()).isEqualTo(total[t]);
      assertThat(task.bins()).hasSize(10);
      assertThat(task.bins()).allMatch(bin -> Math.abs(bin.weight() - total(task) / 10) < 4);
    }
    assertThat(evaluation.json()).contains("\"ctr\":{\"auc\":0.").contains("\"logloss\":0.");
  }

  @Test
  void aTaskWithoutRowsHasNoMetrics() {
    Evaluation evaluation =
        run(
            Collections.singletonList(
                new ScoredRows(0, new float[] {0.5f, 1f}, new float[] {0, 1}, new float[] {1, 1})));

    assertThat(evaluation.task("ctr").auc()).isEqualTo(1.0);
    assertThat(evaluation.task("cvr").rows()).isZero();
    assertThat(evaluation.json()).contains("\"cvr\":{\"auc\":null");
  }

  @Test
  void wherePartitionsEndChangesNoDigit() {
    Random random = new Random(5);
    List<ScoredRows> pieces = new ArrayList<>();
    for (int p = 0; p < 40; p++) {
      float[][] rows = new float[3][100];
      for (int i = 0; i < 100; i++) {
        rows[0][i] = (float) random.nextGaussian();
        rows[1][i] = random.nextInt(3) == 0 ? 1 : 0;
        rows[2][i] = 1 + random.nextInt(2);
      }
      pieces.add(new ScoredRows(p % 2, rows[0], rows[1], rows[2]));
    }
    SparkSession spark = LocalSpark.session();
    String partitions = spark.conf().get("spark.sql.shuffle.partitions");
    List<String> evaluations = new ArrayList<>();
    try {
      for (int count : new int[] {1, 2, 3, 7}) {
        spark.conf().set("spark.sql.shuffle.partitions", count);
        evaluations.add(run(pieces).json());
      }
    } finally {
      spark.conf().set("spark.sql.shuffle.partitions", partitions);
    }

    assertThat(evaluations).containsOnly(evaluations.get(0));
  }

  private static double total(TaskEvaluation task) {
    return task.weight();
  }

  private static Evaluation run(List<ScoredRows> pieces) {
    SparkSession spark = LocalSpark.session();
    JavaRDD<ScoredRows> rdd =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(pieces, 3);
    return SortedEvaluation.run(spark, rdd, Arrays.asList("ctr", "cvr"), "test");
  }
}
