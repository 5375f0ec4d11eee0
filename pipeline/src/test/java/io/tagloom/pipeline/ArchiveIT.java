package io.tagloom.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tagloom.pipeline.bench.StandaloneCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.io.IOUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nights from an archive of {@code tagloom package}: unpacked in a folder with a blank and an é,
 * started in an empty folder with a blank under LC_ALL=C, on a cluster of two workers, into a run
 * folder with a blank and an ü. A JVM of this test may not be able to name these folders; bash is.
 */
class ArchiveIT {
  @TempDir static Path temp;

  /** What Spark's script of this name does: asks Spark's launcher for the words of the command. */
  private static final String SPARK_SUBMIT =
      String.join(
          "\n",
          "#!/usr/bin/env bash",
          "mapfile -d '' words < <(\"$JAVA_HOME/bin/java\" -cp \"$SPARK_HOME/jars/*\" \\",
          "  org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit \"$@\")",
          "words[1]=\"${words[1]#$'\\n'}\"",
          "exec \"${words[@]:1}\"",
          "");

  private static final String LAST_DAY = "2026-11-01";

  private static StandaloneCluster cluster;

  @BeforeAll
  static void unpack() throws Exception {
    pack();
    Path spark = Files.createDirectories(temp.resolve("spark home/bin")).getParent();
    Files.createSymbolicLink(spark.resolve("jars"), SparkRuntime.SPARK_3_5.jars());
    program(spark.resolve("bin/spark-submit"), SPARK_SUBMIT);
    // Nobody calls it.
    program(temp.resolve("bin/mvn"), "#!/bin/sh\ntouch '" + temp.resolve("mvn-was-called") + "'\n");
    bash(
        "mkdir 'empty folder' 'd\u00e9 ploy'",
        "tar xzf tagloom.tar.gz -C 'd\u00e9 ploy'",
        "ln -s 'd\u00e9 ploy'/tagloom-* unpacked",
        "find 'd\u00e9 ploy' -printf '%p %s %T@\\n' | sort > before");
    cluster = StandaloneCluster.start(SparkRuntime.SPARK_3_5.jars(), temp.resolve("a cluster"), 2);
  }

  @AfterAll
  static void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void threeDaysByTheLauncherAloneWithSparkSubmitAndBySparkSubmitAlone() throws Exception {
    settings();
    String night = "nightly --json --conf '" + temp + "/my.conf' --date ";
    String here = "'" + temp + "/unpacked/bin/tagloom' ";
    String java =
        "export JAVA_HOME='"
            + System.getProperty("java.home")
            + "' TAGLOOM_JAVA_OPTS='"
            + String.join(" ", JobJar.SHORT_LIVED)
            + "'";
    String spark = "export SPARK_HOME='" + temp + "/spark home' SPARK_SCALA_VERSION=2.12";

    inTheEmptyFolder(java, here + "generate --json --conf ../my.conf --date " + LAST_DAY);
    // Driven from the launcher's JVM, by Spark's jars in the archive.
    JsonNode first = inTheEmptyFolder(java, here + night + "2026-10-30 --master " + cluster.url());
    // Handed over by the launcher.
    JsonNode second =
        inTheEmptyFolder(java, spark, here + night + "2026-10-31 --master " + cluster.url());
    // The line of pipeline/README.md.
    JsonNode third =
        inTheEmptyFolder(
            java,
            spark,
            "export LC_ALL=C.UTF-8",
            "\"$SPARK_HOME/bin/spark-submit\" --master "
                + cluster.url()
                + " --class io.tagloom.pipeline.Main --driver-memory 1g"
                + " --driver-java-options \"-Duser.timezone=UTC $TAGLOOM_JAVA_OPTS\""
                + " --conf spark.executor.extraJavaOptions=-Duser.timezone=UTC"
                + " '"
                + temp
                + "/unpacked/lib/tagloom.jar' "
                + night
                + LAST_DAY);

    for (JsonNode report : Arrays.asList(first, second, third)) {
      assertThat(report.path("status").asText()).as(report.toString()).isEqualTo("ok");
      assertThat(report.at("/tables/user_tag_profile").asText())
          .contains("/r\u00fcn root/run/tables/");
      assertThat(report.at("/tasks/ctr/auc").asDouble()).isBetween(0.5, 1.0);
    }
    JsonNode kept = inTheEmptyFolder(java, here + "publish --list --json --conf '../my.conf'");
    assertThat(kept.toString()).contains("2026-10-30-", "2026-10-31-", LAST_DAY + "-");
    nothingIsWrittenBesideTheRun();
    workersTookTasks();
  }

  private static void nothingIsWrittenBesideTheRun() throws Exception {
    assertThat(bash("find 'empty folder' -mindepth 1")).isEmpty();
    assertThat(bash("find 'd\u00e9 ploy' -printf '%p %s %T@\\n' | sort | diff before - || true"))
        .isEmpty();
    assertThat(temp.resolve("mvn-was-called")).doesNotExist();
  }

  private static void workersTookTasks() throws IOException {
    for (int worker = 0; worker < 2; worker++) {
      Path log = temp.resolve("a cluster/worker" + worker + ".log");
      assertThat(new String(Files.readAllBytes(log), UTF_8)).contains("Asked to launch executor ");
    }
  }

  /** The object that the last of some commands prints last. */
  private static JsonNode inTheEmptyFolder(String... commands) throws Exception {
    List<String> all = new ArrayList<>(Arrays.asList("cd 'empty folder'", "export LC_ALL=C"));
    all.addAll(Arrays.asList(commands));
    String[] lines = bash(all.toArray(new String[0])).split("\n");
    return new ObjectMapper().readTree(lines[lines.length - 1]);
  }

  /** Runs a script in the test's folder, with nothing in its environment but a PATH. */
  private static String bash(String... commands) throws Exception {
    Path script = temp.resolve("script.sh");
    Files.write(script, ("set -eu\n" + String.join("\n", commands) + "\n").getBytes(UTF_8));
    Path err = temp.resolve("err.txt");
    ProcessBuilder builder = new ProcessBuilder("bash", script.toString());
    String path = temp.resolve("bin") + ":" + System.getenv("PATH");
    builder.environment().clear();
    builder.environment().put("PATH", path);
    Process process = builder.directory(temp.toFile()).redirectError(err.toFile()).start();
    String out = IOUtils.toString(process.getInputStream(), UTF_8);
    assertThat(process.waitFor()).as(out + new String(Files.readAllBytes(err), UTF_8)).isZero();
    return out;
  }

  private static void settings() throws IOException {
    String example = new String(Files.readAllBytes(Paths.get("../conf/examples/demo.conf")), UTF_8);
    List<String> own =
        Arrays.asList(
            "paths.demo = \"" + temp + "/r\u00fcn root\"",
            "generate { impressions = 3000, users = 100, items = 100, tags = 20, days = 3 }",
            "features.fields = [",
            "  { name = age, side = user, kind = bucketed, edges = [25, 35, 50, 65] }",
            "  { name = segment, side = user, kind = categorical }",
            "  { name = tags, side = item, kind = multi-valued }",
            "]",
            "training { epochs = 1, batch-size = 64, workers = 2, threads = 1, tensorboard = off }",
            "evaluation.undefined = allow",
            "export { min-row-share = 0.0, ann.index = off }",
            "spark.driver-memory = 1g",
            "spark.properties {",
            "  \"spark.executor.memory\" = 800m",
            "  \"spark.executor.extraJavaOptions\" = \""
                + String.join(" ", JobJar.SHORT_LIVED)
                + "\"",
            "  \"spark.sql.shuffle.partitions\" = 2",
            "  \"spark.driver.host\" = \"127.0.0.1\"",
            "  \"spark.locality.wait\" = \"0s\"",
            "}");
    String text = example + "\n" + String.join("\n", own) + "\n";
    Files.write(temp.resolve("my.conf"), text.getBytes(UTF_8));
  }

  /** Packs this build, as the launcher does. */
  private static void pack() throws Exception {
    Path java = Paths.get(System.getProperty("java.home"), "bin", "java");
    Process process =
        new ProcessBuilder(
                java.toString(),
                "-Dtagloom.home=" + Paths.get("..").toRealPath(),
                "-cp",
                JobJar.JAR + ":" + SparkRuntime.SPARK_3_5.jars() + "/*",
                "io.tagloom.pipeline.Main",
                "package",
                "--with-spark",
                "--output",
                temp.resolve("tagloom.tar.gz").toString())
            .redirectErrorStream(true)
            .start();
    String out = IOUtils.toString(process.getInputStream(), UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    assertThat(out).contains("/tagloom.tar.gz: ").contains(", below tagloom-");
  }

  private static void program(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, text.getBytes(UTF_8));
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
