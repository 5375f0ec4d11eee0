package io.tagloom.pipeline.stages;

import io.tagloom.conf.Settings;
import io.tagloom.conf.TagloomException;
import io.tagloom.export.Publications;
import io.tagloom.export.publish.Manifest;
import io.tagloom.pipeline.console.Report;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Removes what nights have left that is older than {@code run.keep-days}. */
public final class Retention {
  /** What is done with what is too old. */
  public enum Removal {
    /** It is removed. */
    DONE,
    /** It is only named. */
    NAMED
  }

  private static final Pattern DAY = Pattern.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})");

  /** Folders whose children are of one day each, or folders of such. */
  private static final List<String> DATED =
      Arrays.asList("samples", "rejected", "orphans", "encoded", "models", "tensorboard", "logs");

  private static final List<String> NESTED = Arrays.asList("reports", "state");

  private final Run run;
  private final Removal removal;
  private final LocalDate from;
  private final Set<LocalDate> kept;
  private final Report report = new Report();
  private long removed;

  private Retention(Run run, Removal removal, LocalDate from, Set<LocalDate> kept) {
    this.run = run;
    this.removal = removal;
    this.from = from;
    this.kept = kept;
  }

  /**
   * Removes what is older than the days that are kept. Kept are {@code run.keep-days} up to the
   * newest night (or the run's date), every day that the night after it reads, and what versions of
   * the tables that are still there were made of.
   *
   * @return {@code removed.FOLDER}: days and files removed of each folder
   * @throws IllegalStateException when something cannot be listed or removed
   */
  public static Report apply(Run run, Removal removal) {
    try {
      Optional<LocalDate> newest = run.hasDate() ? Optional.of(run.date()) : newest(run);
      if (!newest.isPresent()) {
        return new Report().line("No night has begun in " + run.settings().run().root() + ".");
      }
      LocalDate from = firstKept(run.settings(), newest.get());
      return new Retention(run, removal, from, published(run)).all();
    } catch (IOException e) {
      throw new IllegalStateException(
          "Cannot clean "
              + run.settings().run().root()
              + ": "
              + TagloomException.reason(e)
              + ". Look at the file system and run it again.",
          e);
    }
  }

  /** First day that is kept: no night from the newest on reads one before it. */
  private static LocalDate firstKept(Settings settings, LocalDate newest) {
    LocalDate first = newest.minusDays(settings.run().keepDays() - 1L);
    LocalDate trained = settings.training().from(newest);
    LocalDate joined =
        settings.samples().rebuildsAll()
            ? trained
            : settings.samples().rebuildFrom(newest.minusDays(settings.samples().catchUpDays()));
    LocalDate read = trained.isBefore(joined) ? trained : joined;
    return read.isBefore(first) ? read : first;
  }

  private static Optional<LocalDate> newest(Run run) throws IOException {
    Optional<LocalDate> newest = Optional.empty();
    for (FileStatus child : children(run, run.folder("state/samples"))) {
      Optional<LocalDate> day = day(child.getPath());
      if (day.isPresent() && !(newest.isPresent() && newest.get().isAfter(day.get()))) {
        newest = day;
      }
    }
    return newest;
  }

  /** Days of versions that are still there; their models and reports say what they are made of. */
  private static Set<LocalDate> published(Run run) throws IOException {
    Set<LocalDate> days = new HashSet<>();
    Publications tables = Publications.under(run.hadoop(), run.settings().run().root());
    for (Manifest manifest : tables.versions()) {
      days.add(LocalDate.parse(manifest.date()));
    }
    return days;
  }

  private Report all() throws IOException {
    for (String folder : DATED) {
      clean(run.folder(folder), folder);
    }
    for (String folder : NESTED) {
      for (FileStatus child : children(run, run.folder(folder))) {
        clean(child.getPath(), folder + "/" + child.getPath().getName());
      }
    }
    report.put("first_day", from.toString());
    return report.line(
        (removal == Removal.DONE ? "removed " : "would remove ")
            + Run.count(removed)
            + " days and files before "
            + from
            + (kept.isEmpty() ? "" : "; kept what " + kept.size() + " versions were made of"));
  }

  private void clean(Path folder, String name) throws IOException {
    FileSystem files = run.fileSystem(folder);
    long before = removed;
    boolean made = name.equals("encoded") || name.equals("models") || name.startsWith("reports/");
    for (FileStatus child : children(run, folder)) {
      Optional<LocalDate> day = day(child.getPath());
      if (day.isPresent()
          && day.get().isBefore(from)
          && !(made && kept.contains(day.get()))
          && !(made && isNewest(folder, day.get()))) {
        if (removal == Removal.DONE && !files.delete(child.getPath(), true)) {
          throw new IOException(child.getPath() + " cannot be removed");
        }
        removed++;
      }
    }
    if (removed > before) {
      report.put(Arrays.asList("removed", name), removed - before);
      report.line(String.format("%-20s %,d", name, removed - before));
    }
  }

  /** Whether a day is the newest of its folder: vocabularies and weights go on from there. */
  private boolean isNewest(Path folder, LocalDate day) throws IOException {
    for (FileStatus child : children(run, folder)) {
      if (day(child.getPath()).filter(other -> other.isAfter(day)).isPresent()) {
        return false;
      }
    }
    return true;
  }

  private static FileStatus[] children(Run run, Path folder) throws IOException {
    try {
      return run.fileSystem(folder).listStatus(folder);
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }

  /** The day that a name has: {@code dt=DAY}, {@code dt=DAY.json}, {@code nightly-DAY.log}. */
  private static Optional<LocalDate> day(Path path) {
    Matcher day = DAY.matcher(path.getName());
    try {
      return day.find() ? Optional.of(LocalDate.parse(day.group(1))) : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
