package io.tagloom.export.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tagloom.conf.LockedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several that publish into one folder. */
class FolderLockTest {
  @TempDir Path root;
  private PublishedTable table;

  @BeforeEach
  void open() {
    table = new PublishedTable(root);
  }

  @Test
  void twoPublishersAtOnceAreRefused() throws IOException {
    String before = table.publish(7);
    try (Publisher first = table.publisher()) {
      assertThatThrownBy(table::publisher)
          .isInstanceOf(LockedException.class)
          .hasMessageContaining("is at work there (publishing of ")
          .hasMessageContaining("Wait for it, or remove");
      assertThatThrownBy(() -> Publisher.rollback(table.store(), 10))
          .isInstanceOf(LockedException.class);
      PublishedTable.fill(first, "whole");
      first.publish(PublishedTable.manifest(first, PublishedTable.FINE), 7);
    }
    assertThat(table.read()).isNotEqualTo(before + " whole");
  }

  @Test
  void ofManyThatStartTogetherOnlyOneHoldsTheLock() throws Exception {
    Files.createDirectories(root.resolve("tables"));
    org.apache.hadoop.fs.Path folder = table.store().folder();
    int many = 8;
    for (int round = 0; round < 20; round++) {
      CyclicBarrier start = new CyclicBarrier(many);
      ExecutorService threads = Executors.newFixedThreadPool(many);
      List<Future<FolderLock>> locks = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        locks.add(
            threads.submit(
                () -> {
                  start.await();
                  return FolderLock.take(new Configuration(), folder, "nightly of 2026-11-01", 10);
                }));
      }
      List<FolderLock> held = new ArrayList<>();
      for (Future<FolderLock> lock : locks) {
        try {
          held.add(lock.get());
        } catch (java.util.concurrent.ExecutionException e) {
          assertThat(e.getCause()).isInstanceOf(LockedException.class);
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
    String before = table.publish(7);
    try (Publisher publisher = table.publisher()) {
      PublishedTable.fill(publisher, "whole");
      Files.write(root.resolve("tables/_lock"), "4711@elsewhere other".getBytes("UTF-8"));
      assertThatThrownBy(
              () -> publisher.publish(PublishedTable.manifest(publisher, PublishedTable.FINE), 7))
          .isInstanceOf(LockedException.class)
          .hasMessageContaining("was taken over by 4711@elsewhere");
    }
    assertThat(table.read()).isEqualTo(before + " whole");
    assertThat(Files.exists(root.resolve("tables/_lock"))).isTrue();
  }

  @Test
  void aLockThatIsNotRenewedIsTakenOver() throws IOException {
    Files.createDirectories(root.resolve("tables"));
    Path lock = root.resolve("tables/_lock");
    Files.write(lock, "4711@elsewhere other".getBytes("UTF-8"));
    assertThatThrownBy(table::publisher).isInstanceOf(LockedException.class);
    Files.setLastModifiedTime(
        lock,
        java.nio.file.attribute.FileTime.fromMillis(
            System.currentTimeMillis() - TimeUnit.MINUTES.toMillis(11)));
    table.publish(7);
  }

  @Test
  void onlyAProcessThatIsKnownToHaveEndedIsTakenOver() throws IOException {
    Path lock = root.resolve("tables/_lock");
    Files.createDirectories(root.resolve("tables"));
    String[] self = FolderLock.processOwner().split(" ");
    assumeThat(self).as("/proc tells of processes").hasSize(4);
    String[] others = {
      // Another container of the same host name, another boot, and a text without an identity.
      self[0].replaceFirst("^[0-9]+", "999999999") + " 1 " + self[2] + "x other",
      self[0] + " " + self[1] + " other/" + self[2] + " other",
      self[0].replaceFirst("^[0-9]+", "999999999") + " other",
      String.join(" ", self)
    };
    for (String owner : others) {
      Files.write(lock, owner.getBytes("UTF-8"));
      assertThatThrownBy(table::publisher).as(owner).isInstanceOf(LockedException.class);
    }
    String[] ended = {
      self[0].replaceFirst("^[0-9]+", "999999999") + " 1 " + self[2] + " ended",
      // The same number, used again.
      self[0] + " 1" + self[1] + " " + self[2] + " ended",
    };
    for (String owner : ended) {
      Files.write(lock, owner.getBytes("UTF-8"));
      table.publish(7);
    }
  }
}
