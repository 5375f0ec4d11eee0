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
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublisherTest {
  private static final String DATE = "2026-11-01";
  private static final String CONTENT = "00112233";
  private static final List<Check> FINE = Collections.singletonList(Check.equal("x", 1, 1));

  @TempDir Path root;
  private VersionStore store;

  @BeforeEach
  void open() {
    Configuration configuration = new Configuration();
    store =
        new VersionStore(configuration, new org.apache.hadoop.fs.Path(root.toString(), "tables"));
  }

  private Publisher publisher() throws IOException {
    return Publisher.open(store, DATE, CONTENT, 10);
  }

  private String publish(int keep) throws IOException {
    try (Publisher publisher = publisher()) {
      fill(publisher, "whole");
      publisher.publish(manifest(publisher, FINE), keep);
      return publisher.version();
    }
  }

  private static void fill(Publisher publisher, String text) throws IOException {
    Path folder = java.nio.file.Paths.get(publisher.folder().toUri().getPath(), "table");
    Files.createDirectories(folder);
    Files.write(folder.resolve("part"), text.getBytes(StandardCharsets.UTF_8));
  }

  private static Manifest manifest(Publisher publisher, List<Check> checks) {
    return new Manifest(
        publisher.version(),
        publisher.sequence(),
        publisher.previous().map(Manifest::version),
        "model",
        DATE,
        Collections.singletonMap("table", 1L),
        Collections.singletonMap("code_version", "1"),
        checks);
  }

  /** What a reader sees: the latest version's manifest and its table. */
  private String read() throws IOException {
    Manifest manifest = store.latestManifest().get();
    Path part = root.resolve("tables").resolve(manifest.version()).resolve("table/part");
    return manifest.version() + " " + new String(Files.readAllBytes(part), "UTF-8");
  }

  private List<String> names() {
    return Arrays.stream(root.resolve("tables").toFile().list())
        .sorted()
        .collect(Collectors.toList());
  }

  @Test
  void manifestsSurviveTheirJson() throws IOException {
    publish(7);
    Manifest first = store.latestManifest().get();
    assertThat(first.sequence()).isEqualTo(1);
    assertThat(first.previous()).isEmpty();
    assertThat(first.modelId()).isEqualTo("model");
    assertThat(first.date()).isEqualTo(DATE);
    assertThat(first.rows()).containsExactly(org.assertj.core.api.Assertions.entry("table", 1L));
    assertThat(first.properties()).containsEntry("code_version", "1");
    publish(7);
    assertThat(store.latestManifest().get().previous()).contains(first.version());
    assertThatThrownBy(() -> Manifest.parse("{\"version\": \"x\"}"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("it has no sequence");
  }

  @Test
  void versionsAreNamedByDateContentAndAttempt() throws IOException {
    assertThat(publish(7)).isEqualTo("2026-11-01-00112233-1");
    assertThat(publish(7)).isEqualTo("2026-11-01-00112233-2");
    assertThat(read()).isEqualTo("2026-11-01-00112233-2 whole");
  }

  /** A process that dies, without giving back its lock or cleaning up. */
  @ParameterizedTest
  @ValueSource(
      strings = {"locked", "swept", "opened", "writing", "manifest written", "pointer replaced"})
  void killedAfterAnyStepLeavesAWholeVersionAndTheNextPublishGoesOn(String step)
      throws IOException {
    String before = publish(7);
    die(step);
    String seen = read();
    boolean moved = step.equals("pointer replaced");
    assertThat(seen).isEqualTo(moved ? "2026-11-01-00112233-2 whole" : before + " whole");
    String next = publish(7);
    assertThat(read()).isEqualTo(next + " whole");
    List<String> expected = new ArrayList<>(Arrays.asList("_latest", before, next));
    if (moved) {
      expected.add("2026-11-01-00112233-2");
    }
    assertThat(names()).containsExactlyInAnyOrderElementsOf(expected);
  }

  private void die(String step) {
    String dead = "999999999@" + host() + " test";
    assertThatThrownBy(
            () -> {
              Publisher publisher =
                  Publisher.open(store, DATE, CONTENT, 600_000, dead, now -> kill(now, step));
              fill(publisher, "half");
              kill("writing", step);
              fill(publisher, "whole");
              publisher.publish(manifest(publisher, FINE), 7);
            })
        .isInstanceOf(Killed.class);
    assertThat(Files.exists(root.resolve("tables/_lock"))).isTrue();
  }

  private static void kill(String now, String step) {
    if (now.equals(step)) {
      throw new Killed();
    }
  }

  private static String host() {
    return PublishLock.processOwner().split(" ")[0].split("@", 2)[1];
  }

  @Test
  void pruningThatIsKilledIsDoneByTheNextPublish() throws IOException {
    publish(7);
    publish(7);
    String third = publish(7);
    // What a kill within pruning leaves: the manifest goes first.
    Files.delete(root.resolve("tables/2026-11-01-00112233-1/manifest.json"));
    assertThat(read()).isEqualTo(third + " whole");
    String fourth = publish(2);
    assertThat(names()).containsExactlyInAnyOrder("_latest", third, fourth);
  }

  /** The steps after the tables, which write small files of their own. */
  @ParameterizedTest
  @ValueSource(strings = {"manifest.json", "_latest"})
  void aDiskThatIsFullAtTheEndKeepsTheVersionBefore(String file) throws IOException {
    Path full = java.nio.file.Paths.get("/dev/full");
    Assumptions.assumeTrue(Files.exists(full), "this system has no /dev/full");
    String before = publish(7);
    assertThatThrownBy(
            () -> {
              try (Publisher publisher = publisher()) {
                fill(publisher, "whole");
                String folder = file.equals("_latest") ? "" : publisher.version();
                Path beside = root.resolve("tables").resolve(folder).resolve(file + ".new");
                Files.createSymbolicLink(beside, full);
                publisher.publish(manifest(publisher, FINE), 7);
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left on device");
    assertThat(read()).isEqualTo(before + " whole");
    Files.deleteIfExists(root.resolve("tables/_latest.new"));
    assertThat(names()).containsExactlyInAnyOrder("_latest", before);
    String next = publish(7);
    assertThat(read()).isEqualTo(next + " whole");
  }

  @Test
  void aFailedCheckRefusesAndLeavesNothingBehind() throws IOException {
    String before = publish(7);
    List<Check> bad =
        Arrays.asList(
            Check.atMost("gates sum to 1", 0.2, 1e-5),
            Check.atLeast("rows of users", Double.NaN, 3),
            Check.equal("fine", 1, 1));
    assertThatThrownBy(
            () -> {
              try (Publisher publisher = publisher()) {
                fill(publisher, "bad");
                publisher.publish(manifest(publisher, bad), 7);
              }
            })
        .isInstanceOfSatisfying(
            PublishRefusedException.class, e -> assertThat(e.exitCode()).isEqualTo(4))
        .hasMessage(
            "Cannot publish 2026-11-01-00112233-2: gates sum to 1 (found 0.2, at most 1.0E-5);"
                + " rows of users (found NaN, at least 3.0). "
                + before
                + " stays published; mend the cause and run the export again.");
    assertThat(names()).containsExactlyInAnyOrder("_latest", before);
    assertThat(read()).isEqualTo(before + " whole");
  }

  @Test
  void twoPublishersAtOnceAreRefused() throws IOException {
    String before = publish(7);
    try (Publisher first = publisher()) {
      assertThatThrownBy(this::publisher)
          .isInstanceOf(PublishRefusedException.class)
          .hasMessageContaining("is publishing to")
          .hasMessageContaining("Wait for it, or remove");
      assertThatThrownBy(() -> Publisher.rollback(store, 10))
          .isInstanceOf(PublishRefusedException.class);
      fill(first, "whole");
      first.publish(manifest(first, FINE), 7);
    }
    assertThat(read()).isNotEqualTo(before + " whole");
  }

  @Test
  void ofManyThatStartTogetherOnlyOneHoldsTheLock() throws Exception {
    Files.createDirectories(root.resolve("tables"));
    int many = 8;
    for (int round = 0; round < 20; round++) {
      CyclicBarrier start = new CyclicBarrier(many);
      ExecutorService threads = Executors.newFixedThreadPool(many);
      List<Future<PublishLock>> locks = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        locks.add(
            threads.submit(
                () -> {
                  start.await();
                  return PublishLock.take(store, PublishLock.processOwner(), 600_000);
                }));
      }
      List<PublishLock> held = new ArrayList<>();
      for (Future<PublishLock> lock : locks) {
        try {
          held.add(lock.get());
        } catch (java.util.concurrent.ExecutionException e) {
          assertThat(e.getCause()).isInstanceOf(PublishRefusedException.class);
        }
      }
      threads.shutdown();
      assertThat(held).hasSize(1);
      held.get(0).close();
      assertThat(Files.exists(root.resolve("tables/_lock"))).isFalse();
    }
  }

  @Test
  void aLockThatWasTakenOverRefusesBeforeThePointer() throws IOException {
    String before = publish(7);
    try (Publisher publisher = publisher()) {
      fill(publisher, "whole");
      Files.write(root.resolve("tables/_lock"), "4711@elsewhere other".getBytes("UTF-8"));
      assertThatThrownBy(() -> publisher.publish(manifest(publisher, FINE), 7))
          .isInstanceOf(PublishRefusedException.class)
          .hasMessageContaining("was taken over by 4711@elsewhere");
    }
    assertThat(read()).isEqualTo(before + " whole");
    assertThat(Files.exists(root.resolve("tables/_lock"))).isTrue();
  }

  @Test
  void aLockThatIsNotRenewedIsTakenOver() throws IOException {
    Files.createDirectories(root.resolve("tables"));
    Path lock = root.resolve("tables/_lock");
    Files.write(lock, "4711@elsewhere other".getBytes("UTF-8"));
    assertThatThrownBy(this::publisher).isInstanceOf(PublishRefusedException.class);
    Files.setLastModifiedTime(
        lock,
        java.nio.file.attribute.FileTime.fromMillis(
            System.currentTimeMillis() - TimeUnit.MINUTES.toMillis(11)));
    publish(7);
  }

  @Test
  void rollbackGoesToTheVersionBeforeAndTheNextPublishRemovesTheOther() throws IOException {
    String first = publish(7);
    assertThatThrownBy(() -> Publisher.rollback(store, 10))
        .isInstanceOf(PublishRefusedException.class)
        .hasMessageContaining("no version before the published one");
    String second = publish(7);
    assertThat(Publisher.rollback(store, 10)).isEqualTo(first);
    assertThat(read()).isEqualTo(first + " whole");
    assertThat(names()).contains(second);
    String third = publish(7);
    assertThat(third).endsWith("-3");
    assertThat(names()).containsExactlyInAnyOrder("_latest", first, third);
  }

  @Test
  void theLastVersionsAreKept() throws IOException {
    for (int i = 0; i < 5; i++) {
      publish(3);
    }
    assertThat(names())
        .containsExactlyInAnyOrder(
            "2026-11-01-00112233-3", "2026-11-01-00112233-4", "2026-11-01-00112233-5", "_latest");
  }

  @Test
  void readersSeeOneWholeVersionWhileOthersPublish() throws Exception {
    publish(3);
    AtomicBoolean stop = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<Future<Integer>> readers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      readers.add(
          threads.submit(
              () -> {
                int reads = 0;
                while (!stop.get()) {
                  assertThat(read()).endsWith(" whole");
                  reads++;
                }
                return reads;
              }));
    }
    for (int i = 0; i < 30; i++) {
      publish(30);
    }
    stop.set(true);
    for (Future<Integer> reader : readers) {
      assertThat(reader.get()).isPositive();
    }
    threads.shutdown();
  }

  @Test
  void aFileThatIsReplacedWhileItIsReadIsReadWhole() throws IOException {
    String first = publish(7);
    org.apache.hadoop.fs.Path pointer =
        new org.apache.hadoop.fs.Path(store.folder(), VersionStore.POINTER);
    Configuration slow = new Configuration();
    slow.set("fs.file.impl", ReplacedWhileOpen.class.getName());
    slow.setBoolean("fs.file.impl.disable.cache", true);
    VersionStore reader = new VersionStore(slow, store.folder());
    ReplacedWhileOpen.next =
        () -> SmallFiles.replace(new Configuration(), pointer, first + "-of-a-longer-name\n");
    assertThat(reader.latest()).contains(first);
    assertThat(reader.latest()).contains(first + "-of-a-longer-name");
  }

  @Test
  void aPointerToAVersionThatIsNotWholeIsSaid() throws IOException {
    String version = publish(7);
    Files.delete(root.resolve("tables").resolve(version).resolve("manifest.json"));
    assertThatThrownBy(() -> store.latestManifest())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has no manifest. Roll back, or publish again.");
  }

  @Test
  void aPointerToAVersionThatIsNotWholeIsMendedByRollbackAndByPublishing() throws IOException {
    String first = publish(7);
    String second = publish(7);
    Files.delete(root.resolve("tables").resolve(second).resolve("manifest.json"));
    assertThat(Publisher.rollback(store, 10)).isEqualTo(first);
    assertThat(read()).isEqualTo(first + " whole");

    String third = publish(7);
    Files.delete(root.resolve("tables").resolve(third).resolve("manifest.json"));
    String fourth = publish(7);
    assertThat(store.latestManifest().get().previous()).contains(first);
    assertThat(names()).containsExactlyInAnyOrder("_latest", first, fourth);
  }

  @Test
  void aVersionThatIsKeptCanBeUsedAgain() throws IOException {
    String first = publish(7);
    String second = publish(7);
    Publisher.rollback(store, 10);
    Publisher.use(store, second, 10);
    assertThat(read()).isEqualTo(second + " whole");
    Publisher.use(store, first, 10);
    assertThat(read()).isEqualTo(first + " whole");
    assertThatThrownBy(() -> Publisher.use(store, "2026-11-01-00112233-9", 10))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has the versions [" + first + ", " + second + "]. Name one");
    assertThat(read()).isEqualTo(first + " whole");
    assertThat(Files.exists(root.resolve("tables/_lock"))).isFalse();
  }

  @Test
  void rowsAreComparedWithTheVersionBefore() throws IOException {
    publish(7);
    Map<String, Long> none = Collections.singletonMap("table", 0L);
    assertThat(Publisher.rowChecks(store.latestManifest(), none, 0.5).get(0).passed()).isFalse();
    assertThat(Publisher.rowChecks(java.util.Optional.empty(), none, 0.5).get(0).passed()).isTrue();
  }

  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }
}
