package io.tagloom.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.conf.InputException;
import io.tagloom.export.ann.AnnIndex;
import io.tagloom.export.ann.Neighbour;
import io.tagloom.export.scoring.ScoreKind;
import io.tagloom.export.tables.RankedTag;
import io.tagloom.export.tables.TableKind;
import io.tagloom.export.tables.TableReader;
import io.tagloom.export.tables.UserProfile;
import io.tagloom.features.LocalSpark;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublicationsIT {
  private static final int USERS = 90;
  private static final int ITEMS = 150;

  @TempDir static Path root;
  private static Publication publication;
  private static Publications publications;

  @BeforeAll
  static void export() throws IOException {
    ExportFixture fixture = new ExportFixture(root);
    ExportSource source =
        TestSource.of(new TestModel(1, ScoreKind.KERNEL_COSINE), USERS, ITEMS, 60);
    publication =
        fixture.export(
            source,
            "export.top=60",
            "export.ann.index=on",
            "export.ann.shards=3",
            "export.ann.files=[fvecs, npy]");
    publications = fixture.publications();
  }

  private static Path folder(String table) {
    return java.nio.file.Paths.get(publication.tables().get(table).replaceFirst("^file:", ""));
  }

  @Test
  void anotherParquetReaderReadsTheSameRows() throws IOException {
    org.apache.hadoop.fs.Path file =
        new org.apache.hadoop.fs.Path(folder("user_tag_profile").toString(), "part-00001.parquet");
    int rows = 0;
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), file).build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        UserProfile profile = publications.profile(row.getString("user_id", 0));
        Group entry = row.getGroup("interests", 0).getGroup("list", 3).getGroup("element", 0);
        RankedTag expected = profile.interests().get(3);
        assertThat(entry.getString("tag", 0)).isEqualTo(expected.tag());
        assertThat(entry.getFloat("score", 0)).isEqualTo(expected.score());
        assertThat(entry.getFloat("probability", 0)).isEqualTo(expected.probability());
        assertThat(entry.getInteger("rank", 0)).isEqualTo(4);
        rows++;
      }
    }
    assertThat(rows).isEqualTo(USERS / 2);
  }

  @Test
  void everyFileCarriesSchemaVersionAndModel() throws IOException {
    int files = 0;
    for (String table : publication.tables().keySet()) {
      for (java.io.File file : folder(table).toFile().listFiles()) {
        if (file.getName().endsWith(".parquet") && !file.getName().startsWith(".")) {
          try (ParquetFileReader reader =
              ParquetFileReader.open(
                  HadoopInputFile.fromPath(
                      new org.apache.hadoop.fs.Path(file.toString()), new Configuration()))) {
            assertThat(reader.getFooter().getFileMetaData().getKeyValueMetaData())
                .containsEntry("tagloom.schema-version", String.valueOf(TableKind.SCHEMA_VERSION))
                .containsEntry("tagloom.table", table)
                .containsEntry("tagloom.model-id", "model-60");
            files++;
          }
        }
      }
    }
    assertThat(files).isEqualTo(11);
  }

  @Test
  void audienceHasTheScoresOfTheProfiles() throws IOException {
    List<AudienceMember> audience =
        publications.audience(LocalSpark.session(), "cvr", "tag017", 12);
    assertThat(audience).hasSize(12);
    float lowest = audience.get(11).score();
    int above = 0;
    for (int i = 0; i < USERS; i++) {
      UserProfile profile = publications.profile(String.format("user%05d", i));
      RankedTag tag =
          profile.intentions().stream().filter(t -> t.tag().equals("tag017")).findFirst().get();
      above += tag.score() > lowest + 1e-6f ? 1 : 0;
      for (AudienceMember member : audience) {
        if (member.user().equals(profile.userId())) {
          assertThat(member.score()).isCloseTo(tag.score(), within(1e-6f));
          assertThat(member.probability()).isCloseTo(tag.probability(), within(1e-6f));
        }
      }
    }
    assertThat(above).isEqualTo(11);
    assertThatThrownBy(() -> publications.audience(LocalSpark.session(), "cart", "tag017", 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("it has [ctr, cvr]");
    assertThatThrownBy(() -> publications.audience(LocalSpark.session(), "ctr", "nothing", 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("not among its 60 tags. Check the spelling.");
    assertThatThrownBy(() -> publications.audience(LocalSpark.session(), "ctr", "Tag17", 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("not among its 60 tags. Did you mean tag017?");
  }

  @Test
  void similarTagsAreOrderedByCosine() throws IOException {
    List<Neighbour> similar = publications.similar("ctr", "tag017", 59);
    assertThat(similar).hasSize(59).isSorted();
    assertThat(similar).noneMatch(tag -> tag.name().equals("tag017"));
    assertThat(similar).allMatch(tag -> Math.abs(tag.score()) <= 1.00001f);
    float forth = similar.get(0).score();
    float back =
        publications.similar("ctr", similar.get(0).name(), 59).stream()
            .filter(tag -> tag.name().equals("tag017"))
            .findFirst()
            .get()
            .score();
    assertThat(back).isCloseTo(forth, within(1e-6f));
  }

  @Test
  void usersNearAMisspeltOneAreFound() throws IOException {
    assertThat(publications.nearUsers("User0007"))
        .containsExactly("user00070", "user00071", "user00072");
    assertThat(publications.nearUsers("suer00007")).contains("user00007");
    assertThat(publications.nearUsers("somebody else")).isEmpty();
    assertThat(publications.mainTask()).isEqualTo("ctr");
  }

  @Test
  void sharesAddUpToScores() throws IOException {
    List<TagShare> shares = publications.shares("user00007");
    assertThat(shares).hasSize(120);
    assertThat(shares.get(0).task()).isEqualTo("ctr");
    assertThat(shares.get(119).task()).isEqualTo("cvr");
    for (TagShare share : shares) {
      double score = 0;
      double sum = 0;
      for (int k = 0; k < share.kernels().length; k++) {
        score += share.gates()[k] * share.products()[k];
        sum += share.gates()[k];
      }
      assertThat(score).isCloseTo(share.tag().score(), within(1e-5));
      assertThat(sum).isCloseTo(1.0, within(1e-5));
    }
    assertThat(publications.shares("nobody")).isEmpty();
  }

  @Test
  void indexesAreSavedAndTheirRecallIsMeasured() throws IOException {
    assertThat(publication.numbers())
        .containsKeys("ann.tags.ctr.recall10", "ann.items.cvr.recall100", "users.carried");
    assertThat(publication.numbers().get("ann.items.ctr.recall10")).isGreaterThanOrEqualTo(0.95);
    Path shards = folder("user_vectors").getParent().resolve("ann/items/ctr");
    int items = 0;
    for (int shard = 0; shard < 3; shard++) {
      Path file = shards.resolve(String.format("part-%05d.hnsw", shard));
      try (InputStream in = Files.newInputStream(file)) {
        items += AnnIndex.load(in).size();
      }
    }
    assertThat(items).isEqualTo(ITEMS);
  }

  @Test
  void certifiedSearchIsReported() {
    assertThat(publication.numbers().get("certified.mean_lists")).isGreaterThanOrEqualTo(3.0);
    assertThat(publication.numbers().get("certified.first_try_share")).isBetween(0.0, 1.0);
    assertThat(publication.numbers().get("certified.items.cvr.mean_lists"))
        .isGreaterThanOrEqualTo(3.0);
    assertThat(publication.numbers().get("certified.items.ctr.first_try_share"))
        .isBetween(0.0, 0.99);
    assertThat(publication.checks())
        .anyMatch(check -> check.name().equals("lists that certified search finds otherwise"))
        .anyMatch(
            check -> check.name().equals("lists of items that certified search finds otherwise"));
  }

  @Test
  void vectorFilesHoldTheAnnVectors() throws IOException {
    Path folder = folder("user_vectors").getParent().resolve("vectors");
    List<String> names =
        Files.readAllLines(folder.resolve("items-ctr.names"), StandardCharsets.UTF_8);
    assertThat(names).hasSize(ITEMS);
    int width = 3 * TestModel.DIM;
    assertThat(Files.size(folder.resolve("items-ctr.fvecs"))).isEqualTo(ITEMS * (4L + 4 * width));
    byte[] npy = Files.readAllBytes(folder.resolve("tags-cvr.npy"));
    assertThat(npy.length % 64).isEqualTo(60 * 4 * width % 64);
    List<float[]> vectors = new ArrayList<>();
    try (TableReader<io.tagloom.export.tables.Gates> reader =
        TableReader.gates(
            new Configuration(),
            Collections.singletonList(
                new org.apache.hadoop.fs.Path(
                    folder("tag_gates").toString(), "part-00000.parquet")))) {
      for (Optional<io.tagloom.export.tables.Gates> next = reader.next();
          next.isPresent();
          next = reader.next()) {
        if (next.get().task().equals("cvr")) {
          vectors.add(next.get().annVector());
        }
      }
    }
    java.nio.ByteBuffer floats =
        java.nio.ByteBuffer.wrap(npy).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    int start = npy.length - 60 * 4 * width;
    assertThat(floats.getFloat(start + 4 * (width + 1))).isEqualTo(vectors.get(1)[1]);
  }
}
