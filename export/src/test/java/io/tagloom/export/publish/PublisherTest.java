package io.tagloom.export.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagloom.conf.InputException;
import io.tagloom.conf.PublishRefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is published, kept, gone back to and read. */
class PublisherTest {
  private static final Optional<PublishedViews> NO_VIEWS = Optional.empty();

  @TempDir Path root;
  private PublishedTable table;

  @BeforeEach
  void open() {
    table = new PublishedTable(root);
  }

  @Test
  void manifestsSurviveTheirJson() throws IOException {
    table.publish(7);
    Manifest first = table.store().latestManifest().get();
    assertThat(first.sequence()).isEqualTo(1);
    assertThat(first.previous()).isEmpty();
    assertThat(first.modelId()).isEqualTo("model");
    assertThat(first.date()).isEqualTo(PublishedTable.DATE);
    assertThat(first.rows()).containsExactly(org.assertj.core.api.Assertions.entry("table", 1L));
    assertThat(first.properties()).containsEntry("code_version", "1");
    table.publish(7);
    assertThat(table.store().latestManifest().get().previous()).contains(first.version());
    assertThat(Manifest.parse("{\"version\": \"x\"}")).isEmpty();
  }

  @Test
  void versionsAreNamedByDateContentAndAttempt() throws IOException {
    assertThat(table.publish(7)).isEqualTo("2026-11-01-00112233-1");
    assertThat(table.publish(7)).isEqualTo("2026-11-01-00112233-2");
    assertThat(table.read()).isEqualTo("2026-11-01-00112233-2 whole");
  }

  @Test
  void aFailedCheckRefusesAndLeavesNothingBehind() throws IOException {
    String before = table.publish(7);
    List<Check> bad =
        Arrays.asList(
            Check.atMost("gates sum to 1", 0.2, 1e-5),
            Check.atLeast("rows of users", Double.NaN, 3),
            Check.equal("fine", 1, 1));
    assertThatThrownBy(
            () -> {
              try (Publisher publisher = table.publisher()) {
                PublishedTable.fill(publisher, "bad");
                publisher.publish(PublishedTable.manifest(publisher, bad), 7);
              }
            })
        .isInstanceOfSatisfying(
            PublishRefusedException.class, e -> assertThat(e.exitCode()).isEqualTo(4))
        .hasMessage(
            "Cannot publish 2026-11-01-00112233-2: gates sum to 1 (found 0.2, at most 1.0E-5);"
                + " rows of users (found NaN, at least 3.0). "
                + before
                + " stays published; mend the cause and run the export again.");
    assertThat(table.names()).containsExactlyInAnyOrder("_latest", before);
    assertThat(table.read()).isEqualTo(before + " whole");
  }

  @Test
  void rollbackGoesToTheVersionBeforeAndTheNextPublishRemovesTheOther() throws IOException {
    String first = table.publish(7);
    assertThatThrownBy(() -> Publisher.rollback(table.store(), 10))
        .isInstanceOf(PublishRefusedException.class)
        .hasMessageContaining("no version before the published one");
    String second = table.publish(7);
    assertThat(Publisher.rollback(table.store(), 10)).isEqualTo(first);
    assertThat(table.read()).isEqualTo(first + " whole");
    assertThat(table.names()).contains(second);
    String third = table.publish(7);
    assertThat(third).endsWith("-3");
    assertThat(table.names()).containsExactlyInAnyOrder("_latest", first, third);
  }

  @Test
  void aVersionOfAnEarlierDateIsKeptBesideTheLatest() throws IOException {
    String third = table.publish("2026-11-03");
    String fourth = table.publish("2026-11-04");
    try (Publisher again = table.publisher("2026-11-03")) {
      PublishedTable.fill(again, "whole");
      assertThat(again.isLatest()).isFalse();
      assertThat(again.publish(PublishedTable.manifest(again, PublishedTable.FINE), 7, NO_VIEWS))
          .containsExactly(
              again.version()
                  + " is kept beside: "
                  + fourth
                  + " is of a later date and stays published. tagloom publish --use "
                  + again.version()
                  + " takes readers to it.");
    }
    assertThat(table.read()).isEqualTo(fourth + " whole");
    String fifth = table.publish("2026-11-05");
    assertThat(table.names())
        .containsExactly(
            "2026-11-03-00112233-1", "2026-11-03-00112233-2", fourth, fifth, "_latest");
    assertThat(Publisher.rollback(table.store(), 10)).isEqualTo(fourth);
    Publisher.use(table.store(), third, 10);
    assertThat(table.read()).isEqualTo(third + " whole");
  }

  @Test
  void aDamagedManifestStopsNobodyAndItsVersionGoesWithTheNextPublish() throws IOException {
    String whole = table.publish(7);
    for (String json : new String[] {"", "{\"version\": ", "[]", "null", "{\"version\": 1}"}) {
      Path folder = root.resolve("tables/2026-11-01-aaaaaaaa-1");
      Files.createDirectories(folder);
      Files.write(folder.resolve("manifest.json"), json.getBytes(StandardCharsets.UTF_8));
      assertThat(table.store().versions()).extracting(Manifest::version).containsExactly(whole);
    }
    String next = table.publish(7);
    assertThat(table.names()).containsExactly(whole, next, "_latest");
    assertThat(Publisher.rollback(table.store(), 10)).isEqualTo(whole);
  }

  @Test
  void anEmptyPointerIsHealedFromTheManifests() throws IOException {
    table.publish(7);
    String last = table.publish(7);
    Files.write(root.resolve("tables/_latest"), new byte[0]);
    assertThat(table.read()).isEqualTo(last + " whole");
    String next = table.publish(7);
    assertThat(table.read()).isEqualTo(next + " whole");
  }

  @Test
  void theLastVersionsAreKept() throws IOException {
    for (int i = 0; i < 5; i++) {
      table.publish(3);
    }
    assertThat(table.names())
        .containsExactlyInAnyOrder(
            "2026-11-01-00112233-3", "2026-11-01-00112233-4", "2026-11-01-00112233-5", "_latest");
  }

  @Test
  void readersSeeOneWholeVersionWhileOthersPublish() throws Exception {
    table.publish(3);
    AtomicBoolean stop = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<Future<Integer>> readers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      readers.add(
          threads.submit(
              () -> {
                int reads = 0;
                while (!stop.get()) {
                  assertThat(table.read()).endsWith(" whole");
                  reads++;
                }
                return reads;
              }));
    }
    for (int i = 0; i < 30; i++) {
      table.publish(30);
    }
    stop.set(true);
    for (Future<Integer> reader : readers) {
      assertThat(reader.get()).isPositive();
    }
    threads.shutdown();
  }

  @Test
  void aFileThatIsReplacedWhileItIsReadIsReadWhole() throws IOException {
    String first = table.publish(7);
    org.apache.hadoop.fs.Path pointer =
        new org.apache.hadoop.fs.Path(table.store().folder(), VersionStore.POINTER);
    Configuration slow = new Configuration();
    slow.set("fs.file.impl", ReplacedWhileOpen.class.getName());
    slow.setBoolean("fs.file.impl.disable.cache", true);
    VersionStore reader = new VersionStore(slow, table.store().folder());
    ReplacedWhileOpen.next =
        () -> SmallFiles.replace(new Configuration(), pointer, first + "-of-a-longer-name\n");
    assertThat(reader.latest()).contains(first);
    assertThat(reader.latest()).contains(first + "-of-a-longer-name");
  }

  @Test
  void aVersionThatIsKeptCanBeUsedAgain() throws IOException {
    String first = table.publish(7);
    String second = table.publish(7);
    Publisher.rollback(table.store(), 10);
    Publisher.use(table.store(), second, 10);
    assertThat(table.read()).isEqualTo(second + " whole");
    Publisher.use(table.store(), first, 10);
    assertThat(table.read()).isEqualTo(first + " whole");
    assertThatThrownBy(() -> Publisher.use(table.store(), "2026-11-01-00112233-9", 10))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has the versions [" + first + ", " + second + "]. Name one");
    assertThat(table.read()).isEqualTo(first + " whole");
    assertThat(Files.exists(root.resolve("tables/_lock"))).isFalse();
  }

  @Test
  void rowsAreComparedWithTheVersionBefore() throws IOException {
    table.publish(7);
    Map<String, Long> none = Collections.singletonMap("table", 0L);
    assertThat(Publisher.rowChecks(table.store().latestManifest(), none, 0.5).get(0).passed())
        .isFalse();
    assertThat(Publisher.rowChecks(java.util.Optional.empty(), none, 0.5).get(0).passed()).isTrue();
  }
}
