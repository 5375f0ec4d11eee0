package io.tagloom.export.publish;

import io.tagloom.conf.PublishRefusedException;
import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The right to publish: a file {@code _lock} that only one process can create, renewed while it is
 * held.
 *
 * <p>It is taken over when its owner is known to have ended, or when it was not renewed for the set
 * time. The owner's text says which process it is: number, host, when the process started, and the
 * boot of the machine and the name space of processes in which the number counts. Of processes
 * elsewhere, such as those in another container of the same host name, nothing but time tells.
 */
final class PublishLock implements Closeable {
  /** Of the fields of /proc/PID/stat after the program's name. */
  private static final int START_FIELD = 19;

  private final VersionStore store;
  private final Path file;
  private final String owner;
  private final ScheduledExecutorService renewal;

  private PublishLock(VersionStore store, String owner, long staleMillis) {
    this.store = store;
    this.file = new Path(store.folder(), VersionStore.LOCK);
    this.owner = owner;
    this.renewal =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "publish-lock");
              thread.setDaemon(true);
              return thread;
            });
    long period = Math.max(1, staleMillis / 4);
    renewal.scheduleWithFixedDelay(this::renew, period, period, TimeUnit.MILLISECONDS);
  }

  /** The name under which this process takes the lock: its identity, and something random. */
  static String processOwner() {
    return ManagementFactory.getRuntimeMXBean().getName()
        + started("self").map(start -> " " + start + " " + processes()).orElse("")
        + " "
        + UUID.randomUUID();
  }

  /** When a process of this name space started, in ticks since boot; where /proc tells. */
  private static Optional<String> started(String process) {
    return text(Paths.get("/proc", process, "stat"))
        // The name of the program, in brackets, can hold blanks.
        .map(stat -> stat.substring(stat.lastIndexOf(')') + 2).split(" "))
        .filter(fields -> fields.length > START_FIELD)
        .map(fields -> fields[START_FIELD]);
  }

  /** Where a process number counts: the boot of the machine and the name space of processes. */
  private static String processes() {
    String space;
    try {
      space = Files.readSymbolicLink(Paths.get("/proc/self/ns/pid")).toString();
    } catch (IOException | UnsupportedOperationException e) {
      space = "-";
    }
    return text(Paths.get("/proc/sys/kernel/random/boot_id")).orElse("-").trim() + "/" + space;
  }

  private static Optional<String> text(java.nio.file.Path file) {
    try {
      return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Takes the lock.
   *
   * @throws PublishRefusedException if somebody else holds it
   */
  static PublishLock take(VersionStore store, String owner, long staleMillis) throws IOException {
    Path file = new Path(store.folder(), VersionStore.LOCK);
    store.fileSystem().mkdirs(store.folder());
    for (int attempt = 0; attempt < 2; attempt++) {
      try {
        store.create(file, owner);
      } catch (IOException e) {
        Optional<String> holder = store.read(file);
        if (!holder.isPresent() && attempt == 1) {
          throw e;
        }
        if (holder.isPresent()) {
          takeOver(store, file, holder.get(), staleMillis);
        }
        continue;
      }
      // Where two can create the same file (object stores), the text that stays decides.
      if (store.read(file).equals(Optional.of(owner))) {
        return new PublishLock(store, owner, staleMillis);
      }
    }
    throw refusal(file, store.read(file).orElse("another process"));
  }

  private static void takeOver(VersionStore store, Path file, String holder, long staleMillis)
      throws IOException {
    FileSystem fs = SmallFiles.plain(store.fileSystem());
    long renewed = fs.getFileStatus(file).getModificationTime();
    boolean stale = System.currentTimeMillis() - renewed > staleMillis;
    if (!stale && !isGone(holder)) {
      throw refusal(file, holder);
    }
    fs.delete(file, false);
  }

  private static PublishRefusedException refusal(Path file, String holder) {
    return new PublishRefusedException(
        "Cannot publish: "
            + (holder.isEmpty() ? "another process" : holder.split(" ")[0])
            + " is publishing to "
            + file.getParent()
            + ". Wait for it, or remove "
            + file
            + " if it no longer runs; the lock is taken over once it was not renewed for"
            + " export.lock-minutes.");
  }

  /**
   * Whether the holder is known to have ended: it ran where this process runs, and is not there.
   */
  private static boolean isGone(String holder) {
    String[] parts = holder.split(" ");
    String process = parts[0].split("@", 2)[0];
    return parts.length == 4
        && process.matches("[0-9]+")
        && parts[2].equals(processes())
        && !started(process).equals(Optional.of(parts[1]));
  }

  private void renew() {
    try {
      SmallFiles.plain(store.fileSystem()).setTimes(file, System.currentTimeMillis(), -1);
    } catch (IOException | UnsupportedOperationException e) {
      // Not renewed: at worst another publisher takes over, which check() notices.
      return;
    }
  }

  /**
   * Makes sure the lock is still held.
   *
   * @throws PublishRefusedException if another process has taken it over
   */
  void check() throws IOException {
    Optional<String> holder = store.read(file);
    if (!holder.equals(Optional.of(owner))) {
      throw new PublishRefusedException(
          "Cannot publish: the lock "
              + file
              + " was taken over by "
              + holder.orElse("nobody")
              + ". Run the export again.");
    }
  }

  @Override
  public void close() throws IOException {
    renewal.shutdownNow();
    if (store.read(file).equals(Optional.of(owner))) {
      SmallFiles.plain(store.fileSystem()).delete(file, false);
    }
  }
}
