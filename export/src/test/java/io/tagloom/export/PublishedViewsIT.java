package io.tagloom.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagloom.conf.SettingsException;
import io.tagloom.export.publish.PublishedViews;
import io.tagloom.export.scoring.ScoreKind;
import io.tagloom.features.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Views of published tables in a Hive metastore. */
class PublishedViewsIT {
  @TempDir static Path folder;
  private static SparkSession spark;

  @TempDir Path root;

  /** Takes the place of the session that the tests share, which starts anew after it. */
  @BeforeAll
  static void metastore() {
    LocalSpark.session().stop();
    System.setProperty("derby.stream.error.file", folder.resolve("derby.log").toString());
    String url = "jdbc:derby:;databaseName=" + folder.resolve("metastore") + ";create=true";
    spark =
        SparkSession.builder()
            .master("local[2]")
            .appName("tagloom tests of views")
            .config("spark.ui.enabled", "false")
            // As conf/local.conf has it.
            .config("spark.hadoop.fs.file.impl", "io.tagloom.features.logs.LocalFiles")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toUri().toString())
            .config("spark.sql.catalogImplementation", "hive")
            .config("spark.hadoop.javax.jdo.option.ConnectionURL", url)
            .getOrCreate();
  }

  @AfterAll
  static void close() {
    spark.stop();
  }

  private static ExportSource source(int users) {
    return TestSource.of(new TestModel(1, ScoreKind.KERNEL_COSINE), users, 15, 10);
  }

  private static Optional<PublishedViews> views(String database) {
    return Optional.of(PublishedViews.in(spark, database));
  }

  private static long rows(String view) {
    return spark.table(view).count();
  }

  private static String version(String database) {
    Row row =
        spark.sql("SELECT value FROM " + database + ".manifest WHERE name = 'version'").first();
    return row.getString(0);
  }

  @Test
  void everyPublishedTableHasAViewThatMovesWithThePointer() throws IOException {
    spark.sql("CREATE DATABASE moving");
    ExportFixture fixture = new ExportFixture(root);
    Publication first =
        fixture.export(source(20), "export.catalog=moving", "export.incremental=on");
    Publication second = fixture.export(source(30), "export.catalog=moving");

    assertThat(first.warnings()).isEmpty();
    assertThat(second.warnings()).isEmpty();
    second.rows().forEach((table, rows) -> assertThat(rows("moving." + table)).isEqualTo(rows));
    assertThat(version("moving")).isEqualTo(second.version());
    // Only the first was incremental.
    assertThat(spark.catalog().tableExists("moving.user_inputs")).isFalse();
    assertThat(
            spark
                .sql("SHOW TBLPROPERTIES moving.tag_gates ('tagloom.version')")
                .first()
                .getString(1))
        .isEqualTo(second.version());

    assertThat(fixture.publications().rollback(10, views("moving")).warnings()).isEmpty();
    first.rows().forEach((table, rows) -> assertThat(rows("moving." + table)).isEqualTo(rows));
    assertThat(version("moving")).isEqualTo(first.version());

    fixture.publications().use(second.version(), 10, views("moving"));
    assertThat(rows("moving.user_tag_profile")).isEqualTo(30);
    assertThat(version("moving")).isEqualTo(second.version());
  }

  @Test
  void aReaderSeesTheVersionBeforeOrThisOne() throws Exception {
    spark.sql("CREATE DATABASE busy");
    ExportFixture fixture = new ExportFixture(root);
    String first = fixture.export(source(20), "export.catalog=busy").version();
    String second = fixture.export(source(30), "export.catalog=busy").version();
    SparkSession reader = spark.newSession();
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<List<Long>> seen =
          thread.submit(
              () -> {
                List<Long> counts = new ArrayList<>();
                while (!done.get() || counts.isEmpty()) {
                  counts.add(reader.table("busy.user_tag_profile").count());
                }
                return counts;
              });
      for (int i = 0; i < 4; i++) {
        fixture.publications().use(i % 2 == 0 ? first : second, 10, views("busy"));
      }
      done.set(true);

      assertThat(seen.get()).isNotEmpty().isSubsetOf(20L, 30L);
    } finally {
      done.set(true);
      thread.shutdown();
    }
  }

  @Test
  void theVersionBeforeStaysWhereAViewCannotBeMoved() throws IOException {
    spark.sql("CREATE DATABASE taken");
    spark.sql("CREATE VIEW taken.tag_gates AS SELECT 1 AS one");
    ExportFixture fixture = new ExportFixture(root);
    String[] settings = {"export.catalog=taken", "export.keep-versions=1"};
    Publication first = fixture.export(source(20), settings);
    Publication second = fixture.export(source(30), settings);

    assertThat(fixture.publications().latestVersion()).isEqualTo(second.version());
    assertThat(second.warnings()).hasSize(1);
    assertThat(second.warnings().get(0))
        .startsWith(
            "Cannot show "
                + second.version()
                + " as taken.tag_gates: the view is not of the tables in ")
        .endsWith(
            ". The version is published all the same; mend the cause and run `tagloom publish --use "
                + second.version()
                + "`.");
    assertThat(rows("taken.tag_gates")).isEqualTo(1);
    assertThat(rows("taken.user_tag_profile")).isEqualTo(30);
    assertThat(Files.exists(root.resolve("tables").resolve(first.version()))).isTrue();

    spark.sql("DROP VIEW taken.tag_gates");
    assertThat(fixture.publications().use(second.version(), 10, views("taken")).warnings())
        .isEmpty();
    assertThat(rows("taken.tag_gates")).isEqualTo(second.rows().get("tag_gates"));
  }

  @Test
  void theVersionBeforeIsRemovedOnlyAfterTheViewsHaveMoved() throws IOException {
    spark.sql("CREATE DATABASE lean");
    ExportFixture fixture = new ExportFixture(root);
    String[] settings = {"export.catalog=lean", "export.keep-versions=1"};
    Publication first = fixture.export(source(20), settings);
    fixture.export(source(30), settings);

    assertThat(rows("lean.user_vectors")).isEqualTo(30);
    assertThat(Files.exists(root.resolve("tables").resolve(first.version()))).isFalse();
  }

  @Test
  void aDatabaseThatIsNotThereIsRefusedBeforeAnythingIsWritten() {
    ExportFixture fixture = new ExportFixture(root);

    assertThatThrownBy(() -> fixture.export(source(20), "export.catalog=nowhere"))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "Invalid export.catalog: nowhere; expected a database of the session catalog. Make it"
                + " with CREATE DATABASE nowhere.");
    assertThat(Files.exists(root.resolve("tables"))).isFalse();
  }
}
