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
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job jar on a real cluster: a driver, a master and two workers, each a JVM of its own. Whether
 * they are killed or work side by side in one JVM, the model is the same.
 */
class StandaloneClusterIT {
  @TempDir static Path temp;

  private static final List<String> WITHOUT_TENSORBOARD =
      Arrays.asList("--set", "training.tensorboard=off");

  private static StandaloneCluster cluster;
  private static JsonNode night;

  @BeforeAll
  static void runTheDemo() throws Exception {
    cluster = StandaloneCluster.start(JobJar.RUNTIME, temp.resolve("cluster"), 2);
    List<String> demo =
        arguments("demo", cluster.url(), "--folder", temp.resolve("demo").toString());
    demo.addAll(WITHOUT_TENSORBOARD);
    try (JobJar driver = JobJar.start(temp, demo)) {
      night = driver.result();
    }
    assertThat(temp.resolve("demo/run/tensorboard")).doesNotExist();
  }

  @AfterAll
  static void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void theNightRunsOnTwoWorkers() {
    assertThat(temp.resolve("cluster/work0")).isNotEmptyDirectory();
    assertThat(temp.resolve("cluster/work1")).isNotEmptyDirectory();
    assertThat(night.path("status").asText()).isEqualTo("ok");
    assertThat(night.path("model_id").asText()).startsWith("mvke-");
    assertThat(night.at("/rows/samples").asLong()).isEqualTo(10_000);
    assertThat(night.at("/tasks/ctr/auc").asDouble()).isBetween(0.5, 1.0);
    assertThat(Paths.get(night.at("/tables/user_tag_profile").asText())).isDirectory();
  }

  @Test
  void twoWorkersInOneJvmLearnTheSameModel() throws IOException {
    List<String> arguments = train("local[2]");
    arguments.addAll(WITHOUT_TENSORBOARD);
    Terminals local = Terminals.run(arguments.toArray(new String[0]));

    assertThat(local.exitCode()).as(local.err()).isZero();
    assertThat(new ObjectMapper().readTree(local.lastLine()).path("model_id"))
        .isEqualTo(night.path("model_id"));
  }

  @Test
  void aKilledExecutorAKilledDriverAndADamagedCheckpointCostTimeAlone() throws Exception {
    try (JobJar driver = JobJar.start(temp, train(cluster.url()))) {
      await(driver, () -> checkpoints().size() >= 2);
      killAnExecutor();
      await(driver, () -> driver.err().contains("Going on from checkpoint "));
      assertThat(driver.err())
          .contains("warning: Training was interrupted: ExecutorLostFailure ")
          .contains("It starts again, restart 1 of 3.");
      List<Path> before = checkpoints();
      await(driver, () -> checkpoints().size() >= 2 && !checkpoints().equals(before));
      driver.kill();
      // Executors end by themselves when they no longer reach their driver.
      for (int i = 0; i < 1000 && !executors().isEmpty(); i++) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      assertThat(executors()).isEmpty();
    }
    List<Path> left = checkpoints();
    Path newest = left.get(left.size() - 1);
    damage(newest.resolve("rows-1.bin"));

    try (JobJar driver = JobJar.start(temp, train(cluster.url()))) {
      JsonNode trained = driver.result();

      assertThat(driver.err())
          .contains("warning: Checkpoint " + newest + " is damaged: rows-1.bin ")
          .contains("Going on from checkpoint " + left.get(left.size() - 2));
      assertThat(driver.err()).containsPattern("epoch [12]/2, step [0-9]+/[0-9]+, .* left");
      assertThat(trained.path("model_id")).isEqualTo(night.path("model_id"));
    }
    assertThat(temp.resolve("demo/run/checkpoints")).doesNotExist();
    assertThat(temp.resolve("demo/run/tensorboard/dt=2026-11-01/train")).isNotEmptyDirectory();
  }

  private static List<String> train(String master) {
    String conf = temp.resolve("demo/demo.conf").toString();
    return arguments("train", master, "--conf", conf, "--date", "2026-11-01");
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

  private static List<Path> checkpoints() throws IOException {
    Path folder = temp.resolve("demo/run/checkpoints");
    if (!Files.exists(folder)) {
      return new ArrayList<>();
    }
    try (Stream<Path> all = Files.walk(folder, 3)) {
      return all.filter(path -> path.getFileName().toString().startsWith("step-"))
          .sorted(Comparator.naturalOrder())
          .collect(Collectors.toList());
    } catch (UncheckedIOException e) {
      // A checkpoint has been given its name while we looked.
      return new ArrayList<>();
    }
  }

  private static void damage(Path file) throws IOException {
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  private static void killAnExecutor() throws Exception {
    String pid = executors().get(0);
    assertThat(new ProcessBuilder("kill", "-9", pid).start().waitFor()).isZero();
  }

  /** Executors of this cluster: JVMs that work in a worker's folder below ours. */
  private static List<String> executors() throws IOException {
    List<String> pids = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Paths.get("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        try {
          boolean ours = process.resolve("cwd").toRealPath().startsWith(temp.toRealPath());
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
