package io.tagloom.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tagloom.features.LocalSpark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same job jar, logs and settings on every Spark, each with its own defaults: a night gives the
 * same model and the same tables, to the last bit of every number.
 */
class EverySparkIT {
  @TempDir static Path temp;

  /** What tables tell of the Spark that has made them; all else is the same. */
  private static final List<String> NAMES_OF_THE_SPARK =
      Arrays.asList(
          "library.hadoop", "library.parquet", "library.scala", "library.spark", "versions");

  private static Path old;
  private static Path now;

  @BeforeAll
  static void runANightOnEach() throws Exception {
    CsvLogs.write(temp.resolve("logs"));
    old = night(SparkRuntime.SPARK_3_5);
    now = night(SparkRuntime.SPARK_4);
  }

  @Test
  void theModelIsTheSameFile() throws IOException {
    String weights = "models/dt=" + CsvLogs.DATE + "/weights.bin";

    assertThat(now.resolve(weights)).hasSameBinaryContentAs(old.resolve(weights));
  }

  @Test
  void theEvaluationIsTheSameFile() {
    String report = "reports/evaluation/dt=" + CsvLogs.DATE + "/evaluation.json";

    assertThat(now.resolve(report)).hasSameBinaryContentAs(old.resolve(report));
  }

  @Test
  void samplesAndTheirEncodingHaveTheSameRows() throws IOException {
    for (String folder : Arrays.asList("samples", "encoded")) {
      Map<String, Path> before = parquet(old.resolve(folder));
      Map<String, Path> after = parquet(now.resolve(folder));

      assertThat(before).as(folder).isNotEmpty();
      assertThat(after.keySet()).as(folder).isEqualTo(before.keySet());
      for (String file : before.keySet()) {
        assertThat(rows(after.get(file))).as(file).isEqualTo(rows(before.get(file)));
      }
    }
  }

  @Test
  void publishedTablesHaveTheSameRowsAndPages() throws IOException {
    Map<String, Path> before = parquet(version(old));
    Map<String, Path> after = parquet(version(now));
    before.remove("manifest/part-00000");
    after.remove("manifest/part-00000");

    assertThat(before.keySet())
        .contains(
            "user_tag_profile/part-00000",
            "user_vectors/part-00000",
            "tag_gates/part-00000",
            "item_gates/part-00000",
            "join_health/part-00000",
            "evaluation/part-00000");
    assertThat(after.keySet()).isEqualTo(before.keySet());
    for (String file : before.keySet()) {
      assertThat(rows(after.get(file))).as(file).isEqualTo(rows(before.get(file)));
      // What differs is what stands behind them: the writer's version, statistics of later Parquet.
      assertThat(columns(after.get(file))).as(file).isEqualTo(columns(before.get(file)));
    }
  }

  @Test
  void searchIndexesAreTheSameFiles() throws IOException {
    Path before = version(old).resolve("ann");
    Path after = version(now).resolve("ann");
    List<Path> files;
    try (Stream<Path> all = Files.walk(before)) {
      files = all.filter(Files::isRegularFile).collect(Collectors.toList());
    }

    assertThat(files).isNotEmpty();
    for (Path file : files) {
      assertThat(after.resolve(before.relativize(file))).hasSameBinaryContentAs(file);
    }
  }

  @Test
  void manifestsDifferInTheNamesOfTheSparkAlone() throws IOException {
    ObjectNode before = manifest(old);
    ObjectNode after = manifest(now);
    // A version is named by a digest of all facts, these names among them.
    assertThat(after.remove("version")).isNotEqualTo(before.remove("version"));
    JsonNode was = before.remove("properties");
    JsonNode is = after.remove("properties");

    assertThat(after).isEqualTo(before);
    TreeSet<String> different = new TreeSet<>();
    for (Iterator<String> names = is.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!is.get(name).equals(was.path(name))) {
        different.add(name);
      }
    }
    assertThat(is.size()).isEqualTo(was.size());
    assertThat(different).containsExactlyElementsOf(NAMES_OF_THE_SPARK);
    assertThat(was.path("library.spark").asText()).isEqualTo(SparkRuntime.SPARK_3_5.version());
    assertThat(is.path("library.spark").asText()).isEqualTo(SparkRuntime.SPARK_4.version());
  }

  /** Runs a night and gives its folder, which had the same name for all of them meanwhile. */
  private static Path night(SparkRuntime spark) throws Exception {
    Path root = temp.resolve("run");
    List<String> arguments =
        new ArrayList<>(
            Arrays.asList("nightly", "--json", "--conf", "../conf/examples/csv-logs.conf"));
    arguments.addAll(Arrays.asList("--date", CsvLogs.DATE));
    for (String setting :
        Arrays.asList(
            "paths.logs=" + temp.resolve("logs"),
            "run.root=" + root,
            "training.epochs=2",
            "training.batch-size=256",
            "spark.master=local[2]")) {
      arguments.addAll(Arrays.asList("--set", setting));
    }
    try (JobJar driver = JobJar.start(spark, temp, arguments)) {
      assertThat(driver.result().at("/rows/samples").asLong()).isEqualTo(5_999);
      // Nothing but what the stages say: no warning, no word of Spark's.
      assertThat(driver.err().split("\n"))
          .allMatch(line -> line.matches("(samples|train|evaluate|profile|export):? .*|  .*|"));
    }
    return Files.move(root, temp.resolve(spark.name()));
  }

  private static Path version(Path root) throws IOException {
    byte[] latest = Files.readAllBytes(root.resolve("tables/_latest"));
    return root.resolve("tables").resolve(new String(latest, StandardCharsets.UTF_8).trim());
  }

  private static ObjectNode manifest(Path root) throws IOException {
    return (ObjectNode)
        new ObjectMapper().readTree(version(root).resolve("manifest.json").toFile());
  }

  /** Parquet files by folder and number of the part, without the names that Spark draws. */
  private static Map<String, Path> parquet(Path folder) throws IOException {
    Map<String, Path> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      all.filter(file -> file.toString().endsWith(".parquet"))
          .forEach(
              file ->
                  files.put(
                      folder.relativize(file).toString().replaceAll("(part-[0-9]+)[^/]*$", "$1"),
                      file));
    }
    return files;
  }

  /** Schema and rows of a file, in their order; the digits of a number tell all of its bits. */
  private static List<String> rows(Path file) {
    Dataset<Row> rows = LocalSpark.session().read().parquet(file.toString());
    List<String> text = new ArrayList<>(rows.toJSON().collectAsList());
    text.add(0, rows.schema().treeString());
    return text;
  }

  /** The bytes of every column chunk of a file: its pages, as they are stored. */
  private static List<ByteBuffer> columns(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    List<ByteBuffer> columns = new ArrayList<>();
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(
                new org.apache.hadoop.fs.Path(file.toUri()), new Configuration()))) {
      for (BlockMetaData block : reader.getRowGroups()) {
        for (ColumnChunkMetaData column : block.getColumns()) {
          int start = (int) column.getStartingPos();
          columns.add(ByteBuffer.wrap(bytes, start, (int) column.getTotalSize()).slice());
        }
      }
    }
    return columns;
  }
}
