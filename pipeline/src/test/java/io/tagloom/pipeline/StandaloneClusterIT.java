package io.tagloom.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tagloom.pipeline.bench.StandaloneCluster;
import io.tagloom.pipeline.command.Terminals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The job jar on a real cluster of every Spark: a driver, a master and two workers, each a JVM of
 * its own. Whether they are killed or work side by side in one JVM, the model is the same.
 */
class StandaloneClusterIT {
  @TempDir static Path temp;

  private static final List<String> WITHOUT_TENSORBOARD =
      Arrays.asList("--set", "training.tensorboard=off");

  private static final Map<SparkRuntime, Night> NIGHTS = new EnumMap<>(SparkRuntime.class);

  @AfterAll
  static void stopClusters() {
    NIGHTS.values().forEach(night -> night.cluster.close());
  }

  @ParameterizedTest
  @EnumSource
  void theNightRunsOnTwoWorkers(SparkRuntime spark) throws Exception {
    Night night = night(spark);

    assertThat(night.folder.resolve("cluster/work0")).isNotEmptyDirectory();
    assertThat(night.folder.resolve("cluster/work1")).isNotEmptyDirectory();
    // spark-submit may say a word of its own; from then on the console is the command's.
    assertThat(night.words.substring(night.words.indexOf("generate: ")))
        .doesNotContain(" INFO ", " WARN ", " ERROR ");
    assertThat(night.run("logs/demo-2026-11-01.log"))
        .content()
        .contains("INFO  spark.SparkContext");
    assertThat(night.report.path("status").asText()).isEqualTo("ok");
    assertThat(night.report.path("model_id").asText()).startsWith("mvke-");
    assertThat(night.report.at("/rows/samples").asLong()).isEqualTo(10_000);
    assertThat(night.report.at("/tasks/ctr/auc").asDouble()).isBetween(0.5, 1.0);
    assertThat(Paths.get(night.report.at("/tables/user_tag_profile").asText())).isDirectory();
  }

  @Test
  void everySparkLearnsTheSameModel() throws Exception {
    assertThat(night(SparkRuntime.SPARK_4).report.path("model_id"))
        .isEqualTo(night(SparkRuntime.SPARK_3_5).report.path("model_id"));
  }

  @Test
  void twoWorkersInThisJvmLearnTheSameModel() throws Exception {
    Night night = night(SparkRuntime.SPARK_3_5);
    List<String> arguments = night.train("local[2]");
    arguments.addAll(WITHOUT_TENSORBOARD);
    Terminals local = Terminals.run(arguments.toArray(new String[0]));

    assertThat(local.exitCode()).as(local.err()).isZero();
    assertThat(new ObjectMapper().readTree(local.lastLine()).path("model_id"))
        .isEqualTo(night.report.path("model_id"));
  }

  @ParameterizedTest
  @EnumSource
  void aKilledExecutorAKilledDriverAndADamagedCheckpointCostTimeAlone(SparkRuntime spark)
      throws Exception {
    Night night = night(spark);
    List<String> train = night.train(night.cluster.url());
    try (JobJar driver = JobJar.submit(spark, night.cluster, night.folder, train)) {
      await(driver, () -> night.checkpoints().size() >= 2);
      night.killAnExecutor();
      await(driver, () -> driver.err().contains("Going on from checkpoint "));
      assertThat(driver.err())
          .contains("warning: Training was interrupted: ExecutorLostFailure ")
          .contains("It starts again, restart 1 of 3.");
      List<Path> before = night.checkpoints();
      await(driver, () -> night.checkpoints().size() >= 2 && !night.checkpoints().equals(before));
      driver.kill();
      // Executors end by themselves when they no longer reach their driver.
      for (int i = 0; i < 1000 && !night.executors().isEmpty(); i++) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      assertThat(night.executors()).isEmpty();
    }
    List<Path> left = night.checkpoints();
    Path newest = left.get(left.size() - 1);
    damage(newest.resolve("rows-1.bin"));

    // Now without spark-submit, as where there is no SPARK_HOME.
    try (JobJar driver = JobJar.start(spark, night.folder, train)) {
      JsonNode trained = driver.result();

      assertThat(driver.err())
          .contains("warning: Checkpoint " + newest + " is damaged: rows-1.bin ")
          .contains("Going on from checkpoint " + left.get(left.size() - 2));
      assertThat(driver.err()).containsPattern("epoch [12]/2, step [0-9]+/[0-9]+, .* left");
      assertThat(trained.path("model_id")).isEqualTo(night.report.path("model_id"));
    }
    assertThat(night.run("checkpoints")).doesNotExist();
    assertThat(night.run("tensorboard/dt=2026-11-01/train")).isNotEmptyDirectory();
  }

  private static Night night(SparkRuntime spark) throws Exception {
    if (!NIGHTS.containsKey(spark)) {
      NIGHTS.put(spark, new Night(spark, Files.createDirectories(temp.resolve(spark.name()))));
    }
    return NIGHTS.get(spark);
  }

  private static List<String> arguments(String command, String master, String... more) {
    List<String> arguments = new ArrayList<>(Arrays.asList(command, "--json", "--master", master));
    arguments.addAll(Arrays.asList(more));
    for (String setting :
        Arrays.asList(
            "generate.impressions=10000",
            "generate.users=400",
            "generate.items=200",
            "training.epochs=2",
            "training.batch-size=32",
            "training.workers=2",
            "training.threads=1",
            "training.checkpoint.steps=20",
            "training.log-seconds=1",
            "spark.properties.spark.executor.memory=800m",
            "spark.properties.spark.executorEnv.MKL_CBWR=COMPATIBLE",
            "spark.properties.spark.sql.shuffle.partitions=2",
            "spark.properties.spark.driver.host=127.0.0.1",
            "spark.properties.spark.locality.wait=0s")) {
      arguments.addAll(Arrays.asList("--set", setting));
    }
    return arguments;
  }

  /** Waits for something that happens while the driver runs. */
  private static void await(JobJar driver, Callable<Boolean> event) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (!event.call()) {
      assertThat(driver.running()).as(driver.err()).isTrue();
      assertThat(System.nanoTime()).as(driver.err()).isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static void damage(Path file) throws IOException {
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  /** One Spark's cluster, and the demo on it through spark-submit. */
  private static final class Night {
    private final Path folder;
    private final StandaloneCluster cluster;
    private final JsonNode report;
    private final String words;

    Night(SparkRuntime spark, Path folder) throws Exception {
      this.folder = folder;
      cluster = StandaloneCluster.start(spark.jars(), folder.resolve("cluster"), 2);
      List<String> demo =
          arguments("demo", cluster.url(), "--folder", folder.resolve("demo").toString());
      demo.addAll(WITHOUT_TENSORBOARD);
      try (JobJar driver = JobJar.submit(spark, cluster, folder, demo)) {
        report = driver.result();
        words = driver.err();
        assertThat(run("tensorboard")).doesNotExist();
      } catch (Exception | AssertionError e) {
        cluster.close();
        throw e;
      }
    }

    Path run(String name) {
      return folder.resolve("demo/run").resolve(name);
    }

    List<String> train(String master) {
      String conf = folder.resolve("demo/demo.conf").toString();
      return arguments("train", master, "--conf", conf, "--date", "2026-11-01");
    }

    List<Path> checkpoints() throws IOException {
      Path checkpoints = run("checkpoints");
      if (!Files.exists(checkpoints)) {
        return new ArrayList<>();
      }
      try (Stream<Path> all = Files.walk(checkpoints, 3)) {
        return all.filter(path -> path.getFileName().toString().startsWith("step-"))
            .sorted(Comparator.naturalOrder())
            .collect(Collectors.toList());
      } catch (UncheckedIOException e) {
        // A checkpoint has been given its name while we looked.
        return new ArrayList<>();
      }
    }

    void killAnExecutor() throws Exception {
      String pid = executors().get(0);
      assertThat(new ProcessBuilder("kill", "-9", pid).start().waitFor()).isZero();
    }

    /** Executors of this cluster: JVMs that work in a worker's folder below ours. */
    List<String> executors() throws IOException {
      List<String> pids = new ArrayList<>();
      try (DirectoryStream<Path> processes =
          Files.newDirectoryStream(Paths.get("/proc"), "[0-9]*")) {
        for (Path process : processes) {
          try {
            boolean ours = process.resolve("cwd").toRealPath().startsWith(folder.toRealPath());
            String command =
                new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.UTF_8);
            if (ours && command.contains("CoarseGrainedExecutorBackend")) {
              pids.add(process.getFileName().toString());
            }
          } catch (IOException e) {
            // It has ended meanwhile, or belongs to somebody else.
          }
        }
      }
      return pids;
    }
  }
}
