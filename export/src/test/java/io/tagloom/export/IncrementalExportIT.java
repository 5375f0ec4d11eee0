package io.tagloom.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.export.scoring.ScoreKind;
import io.tagloom.export.tables.UserProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncrementalExportIT {
  private static final String ON = "export.incremental=on";
  private static final String NEXT = "2026-11-02";
  private static final ScoringModel MODEL = new TestModel(1, ScoreKind.KERNEL_COSINE);

  @TempDir Path root;

  private Publication export(ExportSource source, String date, String... assignments)
      throws IOException {
    return new ExportFixture(root).export(source, date, TagSelection.all(), assignments);
  }

  private static byte[] bytes(Publication publication, String table, int part) throws IOException {
    String folder = publication.tables().get(table).replaceFirst("^file:", "");
    return Files.readAllBytes(
        java.nio.file.Paths.get(folder, String.format("part-%05d.parquet", part)));
  }

  @Test
  void onlyUsersWhoseFieldsChangedAreRewritten() throws IOException {
    Publication first = export(TestSource.of(MODEL, 100, 5, 60), "2026-11-01", ON);
    assertThat(first.numbers()).containsEntry("users.carried", 0.0);
    // User 41, of the second partition, has another age; users 100 to 102 are new.
    Publication second = export(TestSource.changed(MODEL, 103, 41), NEXT, ON);
    assertThat(second.numbers()).containsEntry("users", 103.0).containsEntry("users.carried", 99.0);
    Publications tables = new ExportFixture(root).publications();
    UserProfile carried = tables.profile("user00040");
    UserProfile changed = tables.profile("user00041");
    UserProfile added = tables.profile("user00101");
    assertThat(carried.date()).isEqualTo("2026-11-01");
    assertThat(changed.date()).isEqualTo(NEXT);
    assertThat(added.date()).isEqualTo(NEXT);

    Publication whole =
        new ExportFixture(root.resolve("whole"))
            .export(TestSource.changed(MODEL, 103, 41), NEXT, TagSelection.all());
    assertThat(whole.numbers()).containsEntry("users.carried", 0.0);
    Publications full = new ExportFixture(root.resolve("whole")).publications();
    for (int i = 0; i < 103; i++) {
      String user = String.format("user%05d", i);
      assertThat(tables.profile(user).interests()).isEqualTo(full.profile(user).interests());
      assertThat(tables.profile(user).intentions()).isEqualTo(full.profile(user).intentions());
    }
  }

  @Test
  void partitionsWithoutAChangeAreCarriedAsTheyAre() throws IOException {
    Publication first = export(TestSource.of(MODEL, 100, 5, 60), "2026-11-01", ON);
    Publication second = export(TestSource.changed(MODEL, 100, 41), NEXT, ON);
    for (String table : new String[] {"user_tag_profile", "user_vectors", "user_inputs"}) {
      assertThat(bytes(second, table, 0)).isEqualTo(bytes(first, table, 0));
      assertThat(bytes(second, table, 1)).isNotEqualTo(bytes(first, table, 1));
    }
  }

  @Test
  void anotherModelOrAnotherListRewritesAll() throws IOException {
    export(TestSource.of(MODEL, 100, 5, 60), "2026-11-01", ON);
    assertThat(export(TestSource.of(MODEL, 100, 5, 60), NEXT, ON, "export.top=5").numbers())
        .containsEntry("users.carried", 0.0);
    assertThat(export(TestSource.of(MODEL, 100, 5, 61), NEXT, ON, "export.top=5").numbers())
        .containsEntry("users.carried", 0.0);
    assertThat(export(TestSource.of(MODEL, 100, 5, 61), NEXT, ON, "export.top=5").numbers())
        .containsEntry("users.carried", 100.0);
    assertThat(export(TestSource.of(MODEL, 100, 5, 61), NEXT, "export.top=5").tables())
        .doesNotContainKey("user_inputs");
  }
}
