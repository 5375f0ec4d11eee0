package io.tagloom.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job jar on a real cluster: a driver, a master and two workers, each a JVM of its own. */
class StandaloneClusterIT {
  private static final Path RUNTIME = Paths.get("target/spark-runtime").toAbsolutePath();
  private static final Path JAR = Paths.get("target/tagloom.jar").toAbsolutePath();

  @TempDir Path temp;

  @Test
  void theNightRunsOnTwoWorkers() throws Exception {
    JsonNode night;
    try (StandaloneCluster cluster = StandaloneCluster.start(RUNTIME, temp.resolve("cluster"), 2)) {
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
    List<String> command = new ArrayList<>();
    command.add(Paths.get(System.getProperty("java.home"), "bin", "java").toString());
    List<String> jdkOptions = StandaloneCluster.jdkOptions();
    command.addAll(jdkOptions);
    command.addAll(Arrays.asList("-Xmx1g", "-Duser.timezone=UTC", "-Dtagloom.jar=" + JAR));
    command.add("-Dspark.executor.extraJavaOptions=" + String.join(" ", jdkOptions));
    command.addAll(Arrays.asList("-cp", asm() + ":" + JAR + ":" + RUNTIME + "/*"));
    command.addAll(
        Arrays.asList(
            "io.tagloom.pipeline.Main",
            "demo",
            "--json",
            "--master",
            master,
            "--folder",
            temp.resolve("demo").toString()));
    for (String setting :
        Arrays.asList(
            "generate.impressions=20000",
            "generate.users=400",
            "generate.items=200",
            "training.epochs=2",
            "spark.properties.spark.executor.memory=800m",
            "spark.properties.spark.sql.shuffle.partitions=4",
            "spark.properties.spark.driver.host=127.0.0.1")) {
      command.addAll(Arrays.asList("--set", setting));
    }
    Path out = temp.resolve("out.txt");
    Path err = temp.resolve("err.txt");
    Process driver =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(driver.waitFor(8, TimeUnit.MINUTES)).isTrue();
      assertThat(driver.exitValue()).as(text(err)).isZero();
    } finally {
      driver.destroyForcibly();
    }
    String[] lines = text(out).split("\\R");
    return new ObjectMapper().readTree(lines[lines.length - 1]);
  }

  private static Path asm() throws IOException {
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(RUNTIME, "tagloom-spark-asm-*.jar")) {
      return found.iterator().next();
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
