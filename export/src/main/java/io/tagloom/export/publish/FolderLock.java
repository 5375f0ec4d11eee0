package io.tagloom.export.publish;

import io.tagloom.conf.LockedException;
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
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The right to write in a folder: a file {@code _lock} that only one process can create, renewed
 * while it is held.
 *
 * <p>It is taken over when its owner is known to have ended, or when it was not renewed for the set
 * time. The owner's text says which process it is: number, host, when the process started, and the
 * boot of the machine and the name space of processes in which the number counts. Of processes
 * elsewhere, such as those in another container of the same host name, nothing but time tells.
 */
public final class FolderLock implements Closeable {
  static final String FILE = "_lock";

  /** Of the fields of /proc/PID/stat after the program's name. */
  private static final int START_FIELD = 19;

  /** Words of an owner's text that say which process it is; what it does follows. */
  private static final int IDENTITY = 4;

  private final FileSystem fs;
  private final Path file;
  private final String owner;
  private final long renewalMillis;
  private final ScheduledExecutorService renewal;

  private FolderLock(FileSystem fs, Path file, String owner, long staleMillis) {
    this.fs = fs;
    this.file = file;
    this.owner = owner;
    this.renewal =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "lock of " + file.getParent());
              thread.setDaemon(true);
              return thread;
            });
    this.renewalMillis = Math.max(1, staleMillis / 4);
    renewal.scheduleWithFixedDelay(
        this::renew, renewalMillis, renewalMillis, TimeUnit.MILLISECONDS);
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
   * Takes the lock of a folder, which is made if need be.
   *
   * @param configuration Hadoop configuration
   * @param folder the folder
   * @param work what is done there, for others that want to know: "nightly of 2026-11-01"
   * @param staleMinutes minutes after which a lock that was not renewed is taken over
   * @throws LockedException if somebody else holds it
   * @throws IOException if the folder or the lock cannot be written
   */
  public static FolderLock take(
      Configuration configuration, Path folder, String work, int staleMinutes) throws IOException {
    return take(configuration, folder, processOwner(), work, staleMinutes * 60_000L);
  }

  static FolderLock take(
      Configuration configuration, Path folder, String identity, String work, long staleMillis)
      throws IOException {
    Path file = new Path(folder, FILE);
    FileSystem fs = folder.getFileSystem(configuration);
    String owner = identity + " " + work;
    fs.mkdirs(folder);
    for (int attempt = 0; attempt < 2; attempt++) {
      try {
        SmallFiles.create(fs, file, owner);
      } catch (IOException e) {
        Optional<String> holder = SmallFiles.read(fs, file);
        if (!holder.isPresent() && attempt == 1) {
          throw e;
        }
        if (holder.isPresent()) {
          takeOver(fs, file, holder.get(), staleMillis);
        }
        continue;
      }
      // Where two can create the same file (object stores), the text that stays decides.
      if (SmallFiles.read(fs, file).equals(Optional.of(owner))) {
        return new FolderLock(fs, file, owner, staleMillis);
      }
    }
    throw refusal(file, SmallFiles.read(fs, file).orElse(""), staleMillis);
  }

  private static void takeOver(FileSystem fs, Path file, String holder, long staleMillis)
      throws IOException {
    long renewed = SmallFiles.plain(fs).getFileStatus(file).getModificationTime();
    boolean stale = System.currentTimeMillis() - renewed > staleMillis;
    if (!stale && !isGone(holder)) {
      throw refusal(file, holder, staleMillis);
    }
    SmallFiles.plain(fs).delete(file, false);
  }

  private static LockedException refusal(Path file, String holder, long staleMillis) {
    return new LockedException(
        "Cannot begin in "
            + file.getParent()
            + ": "
            + process(holder)
            + " is at work there"
            + work(holder)
            + ". Wait for it, or remove "
            + file
            + " if it no longer runs; a lock that its owner does not renew is taken over after "
            + TimeUnit.MILLISECONDS.toMinutes(staleMillis)
            + " minutes.");
  }

  /**
   * Which process writes in a folder, and what it does there; none when the folder is free, or the
   * process that held it is known to have ended.
   */
  public static Optional<String> holder(Configuration configuration, Path folder)
      throws IOException {
    return SmallFiles.read(folder.getFileSystem(configuration), new Path(folder, FILE))
        .filter(holder -> !isGone(holder))
        .map(holder -> process(holder) + work(holder));
  }

  private static String process(String holder) {
    return holder.isEmpty() ? "another process" : holder.split(" ")[0];
  }

  private static String work(String holder) {
    String[] words = holder.split(" ", IDENTITY + 1);
    return words.length > IDENTITY ? " (" + words[IDENTITY] + ")" : "";
  }

  /**
   * Whether the holder is known to have ended: it ran where this process runs, and is not there.
   */
  private static boolean isGone(String holder) {
    String[] words = holder.split(" ");
    String process = words[0].split("@", 2)[0];
    return words.length >= IDENTITY
        && process.matches("[0-9]+")
        && words[2].equals(processes())
        && !started(process).equals(Optional.of(words[1]));
  }

  private void renew() {
    try {
      long now = System.currentTimeMillis();
      FileSystem plain = SmallFiles.plain(fs);
      plain.setTimes(file, now, -1);
      // Object stores have no times to set: there the text is written again.
      if (plain.getFileStatus(file).getModificationTime() < now - renewalMillis && isHeld()) {
        SmallFiles.put(plain, file, owner);
      }
    } catch (IOException | UnsupportedOperationException e) {
      // Not renewed: at worst another process takes over, which check() notices.
      return;
    }
  }

  private boolean isHeld() throws IOException {
    return SmallFiles.read(fs, file).equals(Optional.of(owner));
  }

  /**
   * Makes sure the lock is still held.
   *
   * @throws LockedException if another process has taken it over
   */
  public void check() throws IOException {
    if (!isHeld()) {
      throw new LockedException(
          "Cannot go on in "
              + file.getParent()
              + ": the lock was taken over by "
              + process(SmallFiles.read(fs, file).orElse(""))
              + ". Run the command again when it has ended.");
    }
  }

  @Override
  public void close() throws IOException {
    renewal.shutdownNow();
    if (isHeld()) {
      SmallFiles.plain(fs).delete(file, false);
    }
  }
}
