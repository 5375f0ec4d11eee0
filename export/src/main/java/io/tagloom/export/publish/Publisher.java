package io.tagloom.export.publish;

import io.tagloom.conf.InputException;
import io.tagloom.conf.LockedException;
import io.tagloom.conf.PublishRefusedException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;

/**
 * One publish, from the lock to the pointer. Open it, write tables into {@link #folder()}, then
 * {@link #publish}. Whatever happens before the pointer is replaced, readers see the version
 * before.
 */
public final class Publisher implements Closeable {
  private final VersionStore store;
  private final FolderLock lock;
  private final String date;
  private final String version;
  private final long sequence;
  private final Optional<Manifest> previous;
  private final Consumer<String> steps;
  private boolean published;

  private Publisher(
      VersionStore store, FolderLock lock, String date, String content, Consumer<String> steps)
      throws IOException {
    this.store = store;
    this.lock = lock;
    this.date = date;
    String prefix = date + "-" + content.substring(0, 8);
    this.steps = steps;
    steps.accept("locked");
    this.previous = store.lastWhole();
    long last = 0;
    for (Manifest manifest : store.versions()) {
      last = Math.max(last, manifest.sequence());
    }
    int attempt = 0;
    for (String name : store.folders()) {
      attempt = Math.max(attempt, attempt(name, prefix));
    }
    removeUnpublished();
    steps.accept("swept");
    this.sequence = last + 1;
    this.version = prefix + "-" + (attempt + 1);
    store.fileSystem().mkdirs(folder());
    steps.accept("opened");
  }

  /**
   * Takes the lock, removes what interrupted runs left, and makes the folder of a new version.
   *
   * @param store the versions
   * @param date date of the version, YYYY-MM-DD
   * @param content fingerprint of what goes into it, 8 or more hexadecimal digits
   * @param lockMinutes minutes after which a lock that was not renewed is taken over
   * @throws LockedException if somebody else is publishing
   */
  public static Publisher open(VersionStore store, String date, String content, int lockMinutes)
      throws IOException {
    return open(store, date, content, lockMinutes * 60_000L, FolderLock.processOwner(), step -> {});
  }

  /** As {@link #open(VersionStore, String, String, int)}, with a call after each step. */
  static Publisher open(
      VersionStore store,
      String date,
      String content,
      long staleMillis,
      String owner,
      Consumer<String> steps)
      throws IOException {
    if (!date.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}") || !content.matches("[0-9a-f]{8,}")) {
      throw new IllegalArgumentException(
          "Invalid version: " + date + " " + content + "; expected a date and hexadecimal digits.");
    }
    FolderLock lock =
        FolderLock.take(
            store.configuration(), store.folder(), owner, "publishing of " + date, staleMillis);
    try {
      return new Publisher(store, lock, date, content, steps);
    } catch (IOException | RuntimeException | FSError e) {
      lock.close();
      throw e;
    }
  }

  /** Name of the new version: date, fingerprint, and how often it was published. */
  public String version() {
    return version;
  }

  /** Position in the order of publication. */
  public long sequence() {
    return sequence;
  }

  /** Folder of the new version. */
  public Path folder() {
    return store.folder(version);
  }

  /** The version that readers see now. */
  public Optional<Manifest> previous() {
    return previous;
  }

  /**
   * Whether readers see the new version once it is published. One of an earlier date than theirs is
   * kept beside: a back-fill does not take readers back. {@link #use} does.
   */
  public boolean isLatest() {
    return !previous.isPresent() || previous.get().date().compareTo(date) <= 0;
  }

  /**
   * Publishes what was written, when every check holds; readers see it if it {@link #isLatest()}.
   *
   * @param manifest the manifest of {@link #version()}; it is written last
   * @param keepVersions how many versions stay, 1 or more
   * @throws PublishRefusedException if a check failed, or the lock was lost; the version before
   *     stays in place, and the new one is removed by {@link #close()}
   */
  public void publish(Manifest manifest, int keepVersions) throws IOException {
    publish(manifest, keepVersions, Optional.empty());
  }

  /**
   * As {@link #publish(Manifest, int)}, and moves the views with the readers before old versions
   * are removed. Where a view cannot be moved, no version is removed, since it may show one of
   * them.
   *
   * @param views the views of the tables, if there are any
   * @return what was not done, a line each: about views, or that readers see a later date
   */
  public List<String> publish(Manifest manifest, int keepVersions, Optional<PublishedViews> views)
      throws IOException {
    List<Check> failed =
        manifest.checks().stream().filter(check -> !check.passed()).collect(Collectors.toList());
    if (!failed.isEmpty()) {
      throw new PublishRefusedException(
          "Cannot publish "
              + version
              + ": "
              + failed.stream()
                  .map(check -> check.name() + " (" + check.found() + ")")
                  .collect(Collectors.joining("; "))
              + ". "
              + previous.map(m -> m.version() + " stays published").orElse("Nothing is published")
              + "; mend the cause and run the export again.");
    }
    lock.check();
    SmallFiles.replace(
        store.configuration(), new Path(folder(), VersionStore.MANIFEST), manifest.json());
    steps.accept("manifest written");
    lock.check();
    List<String> failures = Collections.emptyList();
    if (isLatest()) {
      SmallFiles.replace(
          store.configuration(), new Path(store.folder(), VersionStore.POINTER), version + "\n");
    }
    published = true;
    steps.accept("pointer replaced");
    if (isLatest()) {
      failures = show(store, views, version);
    }
    if (failures.isEmpty()) {
      prune(keepVersions);
      steps.accept("pruned");
    }
    return isLatest() ? failures : Collections.singletonList(beside());
  }

  /** What is said of a version that was kept beside. */
  private String beside() {
    return version
        + " is kept beside: "
        + previous.map(Manifest::version).orElse("")
        + " is of a later date and stays published. tagloom publish --use "
        + version
        + " takes readers to it.";
  }

  /** Gives the lock back, and removes the new version if it was not published. */
  @Override
  public void close() throws IOException {
    try {
      if (!published) {
        store.fileSystem().delete(folder(), true);
      }
    } finally {
      lock.close();
    }
  }

  private static List<String> show(
      VersionStore store, Optional<PublishedViews> views, String version) {
    return views.map(all -> all.show(store, version)).orElse(Collections.emptyList());
  }

  /** As {@link #rollback(VersionStore, int, Optional)} where the tables have no views. */
  public static String rollback(VersionStore store, int lockMinutes) throws IOException {
    return rollback(store, lockMinutes, Optional.empty()).version();
  }

  /** As {@link #use(VersionStore, String, int, Optional)} where the tables have no views. */
  public static void use(VersionStore store, String version, int lockMinutes) throws IOException {
    use(store, version, lockMinutes, Optional.empty());
  }

  /**
   * Makes the version before the published one the latest again. The other stays in the store until
   * the next publish.
   *
   * @param views the views of the tables, which move too, if there are any
   * @return the version that is now published
   * @throws PublishRefusedException if there is none
   * @throws LockedException if somebody else is publishing
   */
  public static Moved rollback(VersionStore store, int lockMinutes, Optional<PublishedViews> views)
      throws IOException {
    return move(
        store,
        lockMinutes,
        views,
        () -> {
          Optional<String> now = store.latest();
          Optional<Manifest> shown =
              now.isPresent() ? store.manifest(now.get()) : Optional.<Manifest>empty();
          return store.versions().stream()
              .filter(
                  manifest ->
                      shown.isPresent()
                          ? Manifest.ORDER.compare(manifest, shown.get()) < 0
                          : now.isPresent())
              .reduce((earlier, later) -> later)
              .orElseThrow(
                  () ->
                      new PublishRefusedException(
                          "Cannot roll back: "
                              + store.folder()
                              + " has no version before the published one. Publish a new one."))
              .version();
        });
  }

  /**
   * Makes a version that is kept the latest, whether it is earlier or later than the one that is
   * now.
   *
   * @param views the views of the tables, which move too, if there are any
   * @throws InputException if there is no such version, or it is not whole
   * @throws LockedException if somebody else is publishing
   */
  public static Moved use(
      VersionStore store, String version, int lockMinutes, Optional<PublishedViews> views)
      throws IOException {
    return move(
        store,
        lockMinutes,
        views,
        () -> {
          List<String> kept =
              store.versions().stream().map(Manifest::version).collect(Collectors.toList());
          if (!kept.contains(version)) {
            throw new InputException(
                "Cannot publish "
                    + version
                    + ": "
                    + store.folder()
                    + " has the versions "
                    + kept
                    + ". Name one of these.");
          }
          return version;
        });
  }

  private static Moved move(
      VersionStore store, int lockMinutes, Optional<PublishedViews> views, Choice choice)
      throws IOException {
    FolderLock lock =
        FolderLock.take(store.configuration(), store.folder(), "a change of version", lockMinutes);
    try {
      String version = choice.version();
      SmallFiles.replace(
          store.configuration(), new Path(store.folder(), VersionStore.POINTER), version + "\n");
      return new Moved(version, show(store, views, version));
    } finally {
      lock.close();
    }
  }

  /** Which version is published now, and what went wrong beside. Immutable. */
  public static final class Moved {
    private final String version;
    private final List<String> warnings;

    private Moved(String version, List<String> warnings) {
      this.version = version;
      this.warnings = warnings;
    }

    /** Name of the version. */
    public String version() {
      return version;
    }

    /** What could not be done about the views, a line each. */
    public List<String> warnings() {
      return warnings;
    }
  }

  private interface Choice {
    String version() throws IOException;
  }

  /**
   * Removes what was never published, or was rolled back: versions half written or damaged, or
   * later than the latest.
   */
  private void removeUnpublished() throws IOException {
    for (String name : store.folders()) {
      Optional<Manifest> manifest = store.manifest(name);
      if (!manifest.isPresent()
          || !previous.isPresent()
          || Manifest.ORDER.compare(manifest.get(), previous.get()) > 0) {
        remove(name);
      }
    }
  }

  private void remove(String name) throws IOException {
    Path folder = store.folder(name);
    // The manifest goes first, so that a version half removed is not taken for whole.
    SmallFiles.plain(store.fileSystem()).delete(new Path(folder, VersionStore.MANIFEST), false);
    store.fileSystem().delete(folder, true);
  }

  /** Removes versions but the last few and the published one. */
  private void prune(int keepVersions) throws IOException {
    List<Manifest> versions = new ArrayList<>(store.versions());
    Collections.reverse(versions);
    Set<String> kept = new HashSet<>();
    kept.add(version);
    if (!isLatest()) {
      previous.ifPresent(latest -> kept.add(latest.version()));
    }
    for (Manifest manifest : versions) {
      if (kept.size() < keepVersions) {
        kept.add(manifest.version());
      }
    }
    for (Manifest manifest : versions) {
      if (!kept.contains(manifest.version())) {
        remove(manifest.version());
      }
    }
  }

  private static int attempt(String version, String prefix) {
    String start = prefix + "-";
    return version.startsWith(start) && version.substring(start.length()).matches("[0-9]{1,9}")
        ? Integer.parseInt(version.substring(start.length()))
        : 0;
  }

  /** Counts of the tables that a publish must not lose: rows against the version before. */
  public static List<Check> rowChecks(
      Optional<Manifest> previous, Map<String, Long> rows, double minRowShare) {
    List<Check> checks = new ArrayList<>();
    rows.forEach(
        (table, count) -> {
          long before = previous.map(m -> m.rows().getOrDefault(table, 0L)).orElse(0L);
          checks.add(
              Check.atLeast(
                  "rows of " + table + " against the version before",
                  count,
                  Math.ceil(before * minRowShare)));
        });
    return checks;
  }
}
