package io.tagloom.pipeline;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is in the job jar, and what is not. That it works is shown by every run through it. */
class JobJarIT {
  private static final Path JAR = Paths.get("target/tagloom.jar");

  /**
   * MKL alone is 35 MB of it, BigDL with its Scala 11 MB, the collections of the HNSW index 4 MB.
   */
  private static final long MOST_BYTES = 54_300_000;

  @Test
  void itHoldsNothingThatAClusterHas() throws IOException {
    assertThat(entries())
        .noneMatch(name -> name.startsWith("scala/"))
        .noneMatch(name -> name.startsWith("org/apache/hadoop/"))
        .noneMatch(name -> name.startsWith("org/apache/parquet/"))
        .noneMatch(name -> name.startsWith("org/apache/xbean/"))
        .noneMatch(name -> name.startsWith("org/slf4j/"))
        .noneMatch(name -> name.startsWith("org/apache/log4j/"))
        .noneMatch(name -> name.startsWith("org/apache/logging/"))
        .noneMatch(name -> name.startsWith("com/fasterxml/"))
        .noneMatch(name -> name.startsWith("org/apache/spark/sql/"))
        .noneMatch(name -> name.startsWith("org/apache/spark/SparkContext"))
        .noneMatch(name -> name.startsWith("org/apache/spark/ml/"));
  }

  @Test
  void thePeerOfTheBenchmarksLiesBesideItAlone() throws IOException {
    assertThat(entries())
        .noneMatch(name -> name.startsWith("org/duckdb/"))
        .noneMatch(name -> name.contains("duckdb_java"));
    assertThat(Paths.get("target/benchmark-peer"))
        .isDirectoryContaining("glob:**/duckdb_jdbc-*.jar");
    assertThat(Paths.get("target/spark-runtime"))
        .isDirectoryNotContaining("glob:**/duckdb_jdbc-*.jar");
  }

  @Test
  void ofTheNativePartItHoldsMklForLinuxAlone() throws IOException {
    List<String> natives =
        entries().stream()
            .filter(name -> name.matches(".*\\.(so|dylib|dll|jnilib)"))
            .filter(name -> !name.startsWith("org/"))
            .collect(Collectors.toList());

    assertThat(natives).containsExactlyInAnyOrder("libiomp5.so", "libjmkl.so", "libmklml_intel.so");
    assertThat(entries()).noneMatch(name -> name.startsWith("org/opencv/"));
  }

  @Test
  void itHoldsSettingsExamplesAndLogSettings() throws IOException {
    assertThat(entries())
        .contains(
            "io/tagloom/pipeline/Main.class",
            "io/tagloom/conf/reference.conf",
            "io/tagloom/conf/local.conf",
            "io/tagloom/conf/cluster.conf",
            "io/tagloom/conf/log4j2.properties",
            "io/tagloom/conf/examples/demo.conf",
            "com/intel/analytics/bigdl/mkl/MKL.class");
  }

  @ParameterizedTest
  @EnumSource
  void itMeasuresAStepAndTheExpertsOfBigDLsModules(SparkRuntime spark, @TempDir Path folder)
      throws Exception {
    String sizes = "--seconds 0.02 --threads 1 --batch 256 --vocabulary 50 --fields 3 --kernels 2";
    List<String> arguments = new ArrayList<>(Arrays.asList("bench", "train-step", "--json"));
    arguments.addAll(Arrays.asList(sizes.split(" ")));
    JsonNode result;
    try (JobJar driver = JobJar.start(spark, folder, arguments)) {
      result = driver.result();
    }

    assertThat(result.path("samples_per_second").asDouble()).isPositive();
    assertThat(result.path("bigdl_expert_rows_per_second").asDouble()).isPositive();
  }

  @Test
  void onAnotherSparkItSaysSoBeforeItTouchesAClassOfIt(@TempDir Path folder) throws Exception {
    // Nothing of Spark but the two resources that tell what it is.
    Files.write(
        folder.resolve("spark-version-info.properties"), "version=2.4.8\n".getBytes(US_ASCII));
    Files.write(folder.resolve("library.properties"), "version.number=2.11.12".getBytes(US_ASCII));
    Path json = Files.createDirectory(folder.resolve("json"));
    Path jars = SparkRuntime.SPARK_3_5.jars();
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(jars, "jackson-{core,ann,databind}*")) {
      for (Path jar : found) {
        Files.createSymbolicLink(json.resolve(jar.getFileName()), jar);
      }
    }
    List<String> nightly = Arrays.asList("nightly", "--json", "--conf", "none.conf");

    try (JobJar driver = JobJar.start(folder + ":" + json + "/*", folder, nightly)) {
      assertThat(driver.exitCode()).as(driver.err()).isEqualTo(2);
      String line =
          "Cannot run on Spark 2.4.8 (Scala 2.11.12, "
              + folder
              + "): tagloom needs Spark 3.5 or 4. Set SPARK_HOME to one of them, or run without"
              + " --master on the Spark 3.5 that tagloom brings.";
      assertThat(driver.err()).isEqualTo(line + "\n");
      assertThat(driver.out())
          .isEqualTo(
              "{\"command\":\"nightly\",\"status\":\"failed\",\"exit_code\":2,\"error\":\""
                  + line
                  + "\"}\n");
    }
  }

  @Test
  void itIsSmall() throws IOException {
    assertThat(Files.size(JAR)).isLessThan(MOST_BYTES);
  }

  private static List<String> entries() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      return jar.stream().map(ZipEntry::getName).collect(Collectors.toList());
    }
  }
}
