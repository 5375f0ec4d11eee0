package io.tagloom.export.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagloom.conf.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A publish that does not come to its end. */
class PublishInterruptedTest {
  @TempDir Path root;
  private PublishedTable table;

  @BeforeEach
  void open() {
    table = new PublishedTable(root);
  }

  /** A process that dies, without giving back its lock or cleaning up. */
  @ParameterizedTest
  @ValueSource(
      strings = {"locked", "swept", "opened", "writing", "manifest written", "pointer replaced"})
  void killedAfterAnyStepLeavesAWholeVersionAndTheNextPublishGoesOn(String step)
      throws IOException {
    String before = table.publish(7);
    die(step);
    String seen = table.read();
    boolean moved = step.equals("pointer replaced");
    assertThat(seen).isEqualTo(moved ? "2026-11-01-00112233-2 whole" : before + " whole");
    String next = table.publish(7);
    assertThat(table.read()).isEqualTo(next + " whole");
    List<String> expected = new ArrayList<>(Arrays.asList("_latest", before, next));
    if (moved) {
      expected.add("2026-11-01-00112233-2");
    }
    assertThat(table.names()).containsExactlyInAnyOrderElementsOf(expected);
  }

  private void die(String step) {
    String dead = FolderLock.processOwner().replaceFirst("^[0-9]+", "999999999");
    assertThatThrownBy(
            () -> {
              Publisher publisher =
                  Publisher.open(
                      table.store(),
                      PublishedTable.DATE,
                      PublishedTable.CONTENT,
                      600_000,
                      dead,
                      now -> kill(now, step));
              PublishedTable.fill(publisher, "half");
              kill("writing", step);
              PublishedTable.fill(publisher, "whole");
              publisher.publish(PublishedTable.manifest(publisher, PublishedTable.FINE), 7);
            })
        .isInstanceOf(Killed.class);
    assertThat(Files.exists(root.resolve("tables/_lock"))).isTrue();
  }

  private static void kill(String now, String step) {
    if (now.equals(step)) {
      throw new Killed();
    }
  }

  @Test
  void pruningThatIsKilledIsDoneByTheNextPublish() throws IOException {
    table.publish(7);
    table.publish(7);
    String third = table.publish(7);
    // What a kill within pruning leaves: the manifest goes first.
    Files.delete(root.resolve("tables/2026-11-01-00112233-1/manifest.json"));
    assertThat(table.read()).isEqualTo(third + " whole");
    String fourth = table.publish(2);
    assertThat(table.names()).containsExactlyInAnyOrder("_latest", third, fourth);
  }

  /** The steps after the tables, which write small files of their own. */
  @ParameterizedTest
  @ValueSource(strings = {"manifest.json", "_latest"})
  void aDiskThatIsFullAtTheEndKeepsTheVersionBefore(String file) throws IOException {
    Path full = java.nio.file.Paths.get("/dev/full");
    Assumptions.assumeTrue(Files.exists(full), "this system has no /dev/full");
    String before = table.publish(7);
    assertThatThrownBy(
            () -> {
              try (Publisher publisher = table.publisher()) {
                PublishedTable.fill(publisher, "whole");
                String folder = file.equals("_latest") ? "" : publisher.version();
                Path beside = root.resolve("tables").resolve(folder).resolve(file + ".new");
                Files.createSymbolicLink(beside, full);
                publisher.publish(PublishedTable.manifest(publisher, PublishedTable.FINE), 7);
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left on device");
    assertThat(table.read()).isEqualTo(before + " whole");
    Files.deleteIfExists(root.resolve("tables/_latest.new"));
    assertThat(table.names()).containsExactlyInAnyOrder("_latest", before);
    String next = table.publish(7);
    assertThat(table.read()).isEqualTo(next + " whole");
  }

  @Test
  void aPointerToAVersionThatIsNotWholeIsSaid() throws IOException {
    String version = table.publish(7);
    Files.delete(root.resolve("tables").resolve(version).resolve("manifest.json"));
    assertThatThrownBy(() -> table.store().latestManifest())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has no whole manifest. Roll back, or publish again.");
  }

  @Test
  void aPointerToAVersionThatIsNotWholeIsMendedByRollbackAndByPublishing() throws IOException {
    String first = table.publish(7);
    String second = table.publish(7);
    Files.delete(root.resolve("tables").resolve(second).resolve("manifest.json"));
    assertThat(Publisher.rollback(table.store(), 10)).isEqualTo(first);
    assertThat(table.read()).isEqualTo(first + " whole");

    String third = table.publish(7);
    Files.delete(root.resolve("tables").resolve(third).resolve("manifest.json"));
    String fourth = table.publish(7);
    assertThat(table.store().latestManifest().get().previous()).contains(first);
    assertThat(table.names()).containsExactlyInAnyOrder("_latest", first, fourth);
  }

  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }
}
