package io.tagloom.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tagloom.pipeline.bench.StandaloneCluster;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job jar on a real cluster: a driver, a master and two workers, each a JVM of its own. */
class StandaloneClusterIT {
  @TempDir Path temp;

  @Test
  void theNightRunsOnTwoWorkers() throws Exception {
    JsonNode night;
    try (StandaloneCluster cluster =
        StandaloneCluster.start(JobJar.RUNTIME, temp.resolve("cluster"), 2)) {
      night = run(cluster.url());
      assertThat(temp.resolve("cluster/work0")).isNotEmptyDirectory();
      assertThat(temp.resolve("cluster/work1")).isNotEmptyDirectory();
    }

    assertThat(night.path("status").asText()).isEqualTo("ok");
    assertThat(night.at("/rows/samples").asLong()).isEqualTo(20_000);
    assertThat(night.at("/tasks/ctr/auc").asDouble()).isBetween(0.5, 1.0);
    assertThat(Paths.get(night.at("/tables/user_tag_profile").asText())).isDirectory();
  }

  private JsonNode run(String master) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            Arrays.asList(
                "demo", "--json", "--master", master, "--folder", temp.resolve("demo").toString()));
    for (String setting :
        Arrays.asList(
            "generate.impressions=20000",
            "generate.users=400",
            "generate.items=200",
            "training.epochs=2",
            "spark.properties.spark.executor.memory=800m",
            "spark.properties.spark.sql.shuffle.partitions=4",
            "spark.properties.spark.driver.host=127.0.0.1")) {
      arguments.addAll(Arrays.asList("--set", setting));
    }
    try (JobJar driver = JobJar.start(temp, arguments)) {
      return driver.result();
    }
  }
}
