package io.tagloom.pipeline.stages;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class ExecutorWatchIT {
  @Test
  void aRunWithoutExecutorsIsToldWhatToLookAt() throws InterruptedException {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    // A local Spark has none at any time.
    try (SparkSession spark =
            SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", false)
                .getOrCreate();
        ExecutorWatch watch =
            ExecutorWatch.start(spark.sparkContext(), Duration.ofSeconds(1), told::add)) {
      assertThat(watch).isNotNull();
      assertThat(told.poll(60, TimeUnit.SECONDS))
          .startsWith("no executor of local[1] has come for 1 s: no place is free for one with")
          .contains("spark.executor.memory = 1g")
          .contains(
              "Look at the cluster's page of application " + spark.sparkContext().applicationId());
    }
  }
}
