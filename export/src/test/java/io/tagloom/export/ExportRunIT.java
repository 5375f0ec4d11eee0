package io.tagloom.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagloom.conf.EvaluationSettings;
import io.tagloom.conf.ExportSettings;
import io.tagloom.conf.Fingerprint;
import io.tagloom.conf.PublishRefusedException;
import io.tagloom.conf.SettingsException;
import io.tagloom.export.publish.Manifest;
import io.tagloom.export.publish.VersionStore;
import io.tagloom.export.scoring.MatrixProduct;
import io.tagloom.export.scoring.ScoreKind;
import io.tagloom.export.tables.RankedTag;
import io.tagloom.export.tables.UserProfile;
import io.tagloom.features.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportRunIT {
  private static final String DATE = "2026-11-01";
  private static final String CONTENT = "0123456789ab";

  @TempDir Path root;
  private final SparkSession spark = LocalSpark.session();
  private Publications publications;

  @BeforeEach
  void open() {
    publications = Publications.under(new Configuration(), root.toString());
  }

  private Publication export(ExportSource source, String... assignments) throws IOException {
    return export(source, ExportFixture.floors(), assignments);
  }

  private Publication export(ExportSource source, EvaluationSettings floors, String... assignments)
      throws IOException {
    ExportSettings settings = ExportFixture.settings(assignments);
    Map<String, Double> evaluation = new HashMap<>();
    evaluation.put("tasks.ctr.auc", 0.75);
    ExportNumbers numbers =
        new ExportNumbers(
            Collections.singletonMap("clicks.attributed", 12.0),
            evaluation,
            floors,
            Collections.singletonMap("settings", "{}"));
    VersionStore store =
        new VersionStore(
            new Configuration(), new org.apache.hadoop.fs.Path(root.toString(), "tables"));
    return new ExportRun(spark, settings, numbers, store, DATE, MatrixProduct.plain())
        .run(source, TagSelection.all(), CONTENT);
  }

  /** Digests of a version's files by their path within it, without the manifest. */
  private Map<String, String> files(Publication publication) throws IOException {
    Path folder = root.resolve("tables").resolve(publication.version());
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
        if (path.getFileName().toString().startsWith("part-")
            && !path.getParent().endsWith("manifest")) {
          digests.put(
              folder.relativize(path).toString(),
              new Fingerprint().add(Files.readAllBytes(path)).hex());
        }
      }
    }
    return digests;
  }

  @Test
  void tablesHaveTheirColumnsAndKeysWhenReadBySpark() throws IOException {
    Publication publication = export(TestSource.of(101, 20));
    assertThat(publication.version()).isEqualTo("2026-11-01-01234567-1");
    Dataset<Row> profiles = spark.read().parquet(publication.tables().get("user_tag_profile"));
    assertThat(profiles.schema().simpleString())
        .isEqualTo(
            "struct<user_id:string,dt:string,"
                + "interests:array<struct<tag:string,score:float,probability:float,rank:int>>,"
                + "intentions:array<struct<tag:string,score:float,probability:float,rank:int>>,"
                + "tags:array<struct<tag:string,score:float,probability:float,rank:int>>,"
                + "model_id:string>");
    assertThat(profiles.select("user_id").distinct().count()).isEqualTo(101);
    assertThat(profiles.selectExpr("min(size(interests))", "max(size(interests))").first())
        .hasToString("[20,20]");
    Dataset<Row> vectors = spark.read().parquet(publication.tables().get("user_vectors"));
    assertThat(vectors.schema().simpleString())
        .isEqualTo("struct<user_id:string,experts:array<array<float>>>");
    assertThat(vectors.selectExpr("size(experts)", "size(experts[4])").first())
        .hasToString("[5,8]");
    Dataset<Row> gates = spark.read().parquet(publication.tables().get("tag_gates"));
    assertThat(gates.schema().simpleString())
        .isEqualTo(
            "struct<tag:string,task:string,vector:array<float>,gate:array<float>,"
                + "kernels:array<int>,ann_vector:array<float>,scale:double,bias:double>");
    assertThat(gates.count()).isEqualTo(120);
    Dataset<Row> items = spark.read().parquet(publication.tables().get("item_gates"));
    assertThat(items.columns()[0]).isEqualTo("item_id");
    assertThat(items.count()).isEqualTo(40);
    assertThat(items.selectExpr("size(ann_vector)").distinct().count()).isEqualTo(1);
    assertThat(spark.read().parquet(publication.tables().get("join_health")).first())
        .hasToString("[2026-11-01,clicks.attributed,12.0]");
    assertThat(publication.rows()).containsEntry("user_vectors", 101L);
  }

  @Test
  void theManifestTellsWhatTheTablesAreMadeOfAndWith() throws IOException {
    Publication publication = export(TestSource.of(30, 5));
    Manifest manifest = publications.latest();
    assertThat(manifest.modelId()).isEqualTo("model-60");
    assertThat(manifest.date()).isEqualTo(DATE);
    assertThat(manifest.rows()).containsAllEntriesOf(publication.rows());
    assertThat(manifest.properties())
        .containsEntry("settings", "{}")
        .containsEntry("library.spark", spark.version())
        .containsEntry("tasks.cvr.kernels", "[1, 2, 4]")
        .containsKeys("code.version", "code.sha256", "library.hadoop", "profile_fingerprint");
    for (String library :
        Arrays.asList("library.bigdl", "library.hnswlib", "library.parquet", "library.scala")) {
      assertThat(manifest.properties().get(library)).matches("[0-9]+[.][0-9]+[.][0-9]+");
    }
    assertThat(spark.read().parquet(publication.tables().get("manifest")).count())
        .isEqualTo(manifest.flat().size() + publication.checks().size());
  }

  @Test
  void offlineIdentityHoldsForEveryRowWhenComputedFromTheTables() throws IOException {
    Publication publication = export(TestSource.of(60, 5), "export.top=60");
    spark
        .read()
        .parquet(publication.tables().get("user_vectors"))
        .createOrReplaceTempView("vectors");
    spark
        .read()
        .parquet(publication.tables().get("user_tag_profile"))
        .selectExpr("user_id", "explode(intentions) as entry")
        .createOrReplaceTempView("entries");
    spark.read().parquet(publication.tables().get("tag_gates")).createOrReplaceTempView("gates");
    Row worst =
        spark
            .sql(
                "select count(*), max(abs(x - score)), max(abs(p - probability)) from (select"
                    + " entry.score as score, entry.probability as probability,"
                    + " 1 / (1 + exp(-(3 * entry.score - 2))) as p,"
                    + " aggregate(zip_with(flatten(transform(kernels, k -> experts[k])),"
                    + " ann_vector, (a, b) -> double(a) * b), 0D, (s, v) -> s + v) as x"
                    + " from entries join vectors using (user_id)"
                    + " join gates on tag = entry.tag and task = 'cvr')")
            .first();
    assertThat(worst.getLong(0)).isEqualTo(3600);
    assertThat(worst.getDouble(1)).isLessThan(1e-5);
    assertThat(worst.getDouble(2)).isLessThan(1e-6);
  }

  @Test
  void profilesAreInOrderAndTagsAreTheUnion() throws IOException {
    export(TestSource.of(30, 5), "export.top=7");
    UserProfile profile = publications.profile("user00011");
    for (List<RankedTag> list : Arrays.asList(profile.interests(), profile.intentions())) {
      assertThat(list).hasSize(7);
      for (int i = 0; i < 7; i++) {
        assertThat(list.get(i).rank()).isEqualTo(i + 1);
        if (i > 0) {
          assertThat(list.get(i).score()).isLessThanOrEqualTo(list.get(i - 1).score());
        }
      }
    }
    List<String> union = profile.tags().stream().map(RankedTag::tag).collect(Collectors.toList());
    assertThat(union).doesNotHaveDuplicates();
    assertThat(union)
        .containsAll(profile.interests().stream().map(RankedTag::tag).collect(Collectors.toList()))
        .containsAll(
            profile.intentions().stream().map(RankedTag::tag).collect(Collectors.toList()));
  }

  @Test
  void usersThatAreNotInTheTablesHaveTheColdProfile() throws IOException {
    export(TestSource.of(30, 5));
    UserProfile cold = publications.profile("nobody");
    assertThat(publications.has("nobody")).isFalse();
    assertThat(cold.userId()).isEqualTo("nobody");
    assertThat(cold.interests()).hasSize(20);
    assertThat(publications.profile("somebody").interests()).isEqualTo(cold.interests());
    assertThat(publications.profile("user00001").interests()).isNotEqualTo(cold.interests());
  }

  @Test
  void settingsHaveEffect() throws IOException {
    ExportSource source = TestSource.of(30, 5);
    export(source);
    UserProfile soft = publications.profile("user00003");
    export(source, "export.gate=hard", "export.min-probability=0.5");
    UserProfile hard = publications.profile("user00003");
    assertThat(hard.interests()).isNotEqualTo(soft.interests());
    assertThat(hard.interests()).allMatch(entry -> entry.probability() >= 0.5);
    export(source, "export.intentions=ctr", "export.interests=\"\"", "export.top=3");
    UserProfile one = publications.profile("user00003");
    assertThat(one.interests()).isEmpty();
    assertThat(one.intentions()).isEqualTo(soft.interests().subList(0, 3));
    assertThat(one.tags()).isEqualTo(one.intentions());
  }

  @Test
  void cosineRefusesTheAnnVectorAndRanksWithoutIt() throws IOException {
    ExportSource source = TestSource.of(new TestModel(2, ScoreKind.COSINE), 30, 5, 40);
    assertThatThrownBy(() -> export(source))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("Cannot write ann_vector for task ctr: with model.score = cosine")
        .hasMessageContaining("model.score = kernel-cosine");
    Publication publication =
        export(source, "export.ann.vectors=off", "export.ann.index=off", "export.top=40");
    assertThat(
            spark
                .read()
                .parquet(publication.tables().get("tag_gates"))
                .where("ann_vector is not null")
                .count())
        .isZero();
    assertThat(publications.profile("user00003").interests()).hasSize(40);
  }

  @Test
  void aFailingCheckKeepsTheVersionBeforeAndRemovesTheNewOne() throws IOException {
    Publication first = export(TestSource.of(100, 5));
    assertThatThrownBy(() -> export(TestSource.of(10, 5)))
        .isInstanceOf(PublishRefusedException.class)
        .hasMessageContaining(
            "rows of user_vectors against the version before (found 10.0, at least 50.0)")
        .hasMessageContaining(first.version() + " stays published");
    assertThatThrownBy(
            () ->
                export(TestSource.of(100, 5), ExportFixture.floors("evaluation.min-auc={ctr=0.8}")))
        .isInstanceOf(PublishRefusedException.class)
        .hasMessageContaining("AUC of ctr (found 0.75, at least 0.8)");
    assertThatThrownBy(
            () ->
                export(TestSource.of(100, 5), ExportFixture.floors("evaluation.min-auc={cvr=0.5}")))
        .isInstanceOf(PublishRefusedException.class)
        .hasMessageContaining("AUC of cvr (found NaN, at least 0.5)");
    assertThatThrownBy(
            () ->
                export(TestSource.of(100, 5), ExportFixture.floors("evaluation.undefined=refuse")))
        .isInstanceOf(PublishRefusedException.class)
        .hasMessageContaining(
            "auc of cvr (found no number, expected one; held-out rows of one class");
    assertThat(publications.latest().version()).isEqualTo(first.version());
    assertThat(publications.versions()).hasSize(1);
    assertThat(root.resolve("tables").toFile().list())
        .containsExactlyInAnyOrder("_latest", first.version());
  }

  @Test
  void twoRunsWriteTheSameBytesApartFromTheVersionName() throws IOException {
    Publication first = export(TestSource.of(50, 5));
    Publication second = export(TestSource.of(50, 5));
    assertThat(second.version()).isEqualTo("2026-11-01-01234567-2");
    assertThat(files(second)).containsExactlyEntriesOf(files(first));
    assertThat(files(first).keySet())
        .contains(
            "user_tag_profile/part-00000.parquet",
            "user_vectors/part-00000.parquet",
            "item_gates/part-00000.parquet",
            "ann/items/ctr/part-00000.hnsw",
            "ann/tags/cvr/part-00000.hnsw");
    assertThat(publications.rollback(10)).isEqualTo(first.version());
    assertThat(publications.latest().version()).isEqualTo(first.version());
  }
}
