package io.tagloom.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagloom.conf.LockedException;
import io.tagloom.conf.PublishRefusedException;
import io.tagloom.conf.SettingsException;
import io.tagloom.export.publish.Publisher;
import io.tagloom.export.tables.UserProfile;
import io.tagloom.features.FaultyDisk;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishFaultsIT {
  @TempDir Path root;

  @AfterEach
  void mendTheDisk() {
    FaultyDisk.mend();
  }

  @Test
  void aFullDiskLeavesTheVersionBeforeWhole() throws IOException {
    ExportFixture fixture = new ExportFixture(root);
    Publication first = fixture.export(TestSource.of(50, 5));
    UserProfile before = fixture.publications().profile("user00007");
    Configuration faulty = new Configuration();
    FaultyDisk.use(faulty);
    for (String table : new String[] {"tag_gates", "user_vectors", "items", "manifest"}) {
      String folder = table.equals("items") ? "ctr" : table;
      FaultyDisk.fillUp(file -> file.contains("/" + folder + "/"));
      assertThatThrownBy(
              () ->
                  new ExportFixture(root, faulty)
                      .export(TestSource.of(50, 5), "export.ann.index=on"))
          .as(table)
          .hasStackTraceContaining("No space left on device");
      assertThat(fixture.publications().latest().version()).isEqualTo(first.version());
      assertThat(fixture.publications().profile("user00007")).isEqualTo(before);
    }
    // A task that was running still may have begun a file again; the export after has swept it.
    assertThat(root.resolve("tables").toFile().list())
        .containsExactlyInAnyOrder("_latest", first.version());
  }

  @Test
  void whileAnotherPublishesAnExportIsRefusedBeforeItWrites() throws IOException {
    ExportFixture fixture = new ExportFixture(root);
    Publication first = fixture.export(TestSource.of(50, 5));
    try (Publisher other =
        Publisher.open(fixture.store(), ExportFixture.DATE, ExportFixture.CONTENT, 10)) {
      assertThatThrownBy(() -> fixture.export(TestSource.of(50, 5)))
          .isInstanceOfSatisfying(LockedException.class, e -> assertThat(e.exitCode()).isEqualTo(5))
          .hasMessageContaining("is at work there (publishing of " + ExportFixture.DATE + ")");
      assertThat(other.version()).isNotEqualTo(first.version());
    }
    assertThat(fixture.publications().latest().version()).isEqualTo(first.version());
  }

  @Test
  void anObjectStoreHasOneWholeVersionByItsPointerAlone() throws IOException {
    ExportFixture fixture = new ExportFixture(root, BucketFileSystem.configuration());
    String[] settings = {"export.ann.index=on", "export.incremental=on", "export.keep-versions=2"};
    Publication first = fixture.export(TestSource.of(50, 5), settings);
    UserProfile before = fixture.publications().profile("user00007");
    assertThat(fixture.store().folder().getFileSystem(fixture.store().configuration()))
        .isInstanceOf(BucketFileSystem.class);
    Publication second = fixture.export(TestSource.of(50, 5), settings);
    assertThat(second.numbers()).containsEntry("users.carried", 50.0);
    assertThat(fixture.publications().latest().version()).isEqualTo(second.version());
    assertThat(fixture.publications().rollback(10)).isEqualTo(first.version());
    assertThat(fixture.publications().profile("user00007")).isEqualTo(before);
    for (String step : new String[] {"_lock", "manifest.json", "_latest"}) {
      assertThatThrownBy(
              () ->
                  new ExportFixture(root, BucketFileSystem.fullAt(step))
                      .export(TestSource.of(50, 5)))
          .as(step)
          .hasStackTraceContaining("No space left on device");
      assertThat(root.resolve("tables/_lock")).as(step).doesNotExist();
    }
    fixture.export(TestSource.of(50, 5), settings);
    Publication last = fixture.export(TestSource.of(50, 5), settings);
    assertThat(fixture.publications().profile("user00007").interests())
        .isEqualTo(before.interests());
    assertThat(root.resolve("tables").toFile().list())
        .hasSize(3)
        .contains("_latest", last.version());
  }

  @Test
  void aModelWithNanIsRefused() throws IOException {
    ExportFixture fixture = new ExportFixture(root);
    assertThatThrownBy(() -> fixture.export(TestSource.of(BrokenModel.nan(), 50, 5, 20)))
        .isInstanceOf(PublishRefusedException.class)
        .hasMessageContaining("keys with NaN or infinity in user_vectors (found 1, expected 0)")
        .hasMessageContaining("Nothing is published");
    assertThatThrownBy(() -> fixture.export(TestSource.of(BrokenModel.gates(), 50, 5, 20)))
        .isInstanceOf(PublishRefusedException.class)
        .hasMessageContaining("gates sum to 1 in tag_gates");
    assertThat(root.resolve("tables").toFile().list()).isEmpty();
  }

  @Test
  void unknownTasksAreNamed() {
    assertThatThrownBy(
            () -> new ExportFixture(root).export(TestSource.of(5, 5), "export.intentions=cart"))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "Invalid export.intentions: cart; expected one of the model's tasks [ctr, cvr], or"
                + " \"\" for none.");
  }
}
