package io.tagloom.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
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

  @Test
  void itMeasuresAStepAndTheExpertsOfBigDLsModules(@TempDir Path folder) throws Exception {
    String sizes = "--seconds 0.02 --threads 1 --batch 256 --vocabulary 50 --fields 3 --kernels 2";
    List<String> arguments = new ArrayList<>(Arrays.asList("bench", "train-step", "--json"));
    arguments.addAll(Arrays.asList(sizes.split(" ")));
    JsonNode result;
    try (JobJar driver = JobJar.start(folder, arguments)) {
      result = driver.result();
    }

    assertThat(result.path("samples_per_second").asDouble()).isPositive();
    assertThat(result.path("bigdl_expert_rows_per_second").asDouble()).isPositive();
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
