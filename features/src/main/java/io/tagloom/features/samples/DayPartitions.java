package io.tagloom.features.samples;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Replaces whole day partitions of several tables: all are written beside, in a folder of the run's
 * date, a journal of what is to be put where is written last, then folders are renamed.
 *
 * <p>A run that ends before the journal has changed nothing, and the next run throws its files
 * away. A run that ends after it is finished by the next one. Folders that begin with an underscore
 * are no data to Spark's readers.
 */
final class DayPartitions {
  private static final String STAGING = "_staging";
  private static final String STAGED = "samples";
  private static final String JOURNAL = "_JOURNAL";
  private static final String REPLACE = "replace ";
  private static final String REMOVE = "remove ";

  private final FileSystem files;
  private final Path root;
  private final Path staging;

  /** The partitions under a root, to be read. */
  DayPartitions(Configuration hadoop, String root) {
    this(hadoop, root, STAGED);
  }

  /** The partitions under a root, for a run of a date that replaces some. */
  DayPartitions(Configuration hadoop, String root, LocalDate asOf) {
    this(hadoop, root, STAGED + "-" + asOf);
  }

  private DayPartitions(Configuration hadoop, String root, String staged) {
    this.root = new Path(root);
    this.staging = new Path(new Path(this.root, STAGING), staged);
    try {
      this.files = this.root.getFileSystem(hadoop);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Finishes what runs before, of whatever date, left after their journal. */
  void repair() {
    try {
      for (Path left : left()) {
        if (files.exists(new Path(left, JOURNAL))) {
          publish(left);
        }
      }
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /** Begins with an empty folder beside; what runs before left there is thrown away. */
  void begin() {
    repair();
    try {
      for (Path left : left()) {
        files.delete(left, true);
      }
      if (!files.mkdirs(staging)) {
        throw new IOException("the folder was not made");
      }
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /** The folders that runs have left beside, in the order of their dates. */
  private List<Path> left() throws IOException {
    List<Path> left = new ArrayList<>();
    for (FileStatus child : children(new Path(root, STAGING))) {
      if (child.getPath().getName().startsWith(STAGED)) {
        left.add(child.getPath());
      }
    }
    left.sort(null);
    return left;
  }

  private FileStatus[] children(Path folder) throws IOException {
    try {
      return files.listStatus(folder);
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }

  /** Where a table's partitions are written before they are published. */
  String staged(String table) {
    return new Path(staging, table).toString();
  }

  /** Writes one small file of a day. */
  void write(String table, LocalDate day, String name, String text) {
    Path file = new Path(partition(staging, table, day), name);
    try (OutputStream out = files.create(file, true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /**
   * Writes the journal: from here on the run counts.
   *
   * @param tables tables of which all days of a range are replaced, a day without files by nothing
   * @param from first day of the range
   * @param to last day of the range
   * @param kept days of the range that stay as they are
   * @param report table of which the last day alone is replaced
   */
  void seal(List<String> tables, LocalDate from, LocalDate to, Set<LocalDate> kept, String report) {
    StringBuilder journal = new StringBuilder();
    try {
      for (String table : tables) {
        SortedSet<LocalDate> written = new TreeSet<>(days(staging, table));
        SortedSet<LocalDate> days = new TreeSet<>(written);
        days.addAll(days(root, table));
        for (LocalDate day : days.subSet(from, to.plusDays(1))) {
          if (!kept.contains(day)) {
            journal.append(written.contains(day) ? REPLACE : REMOVE).append(table).append(' ');
            journal.append(day).append('\n');
          }
        }
      }
      journal.append(REPLACE).append(report).append(' ').append(to);
      Path beside = new Path(staging, JOURNAL + ".part");
      try (OutputStream out = files.create(beside, true)) {
        out.write(journal.append('\n').toString().getBytes(StandardCharsets.UTF_8));
      }
      move(beside, new Path(staging, JOURNAL));
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /** Puts every partition of the journal in its place; may be called again after a failure. */
  void publish() {
    try {
      publish(staging);
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  private void publish(Path staged) throws IOException {
    for (String line : lines(new Path(staged, JOURNAL))) {
      String[] words = line.split(" ");
      LocalDate day = LocalDate.parse(words[2]);
      Path target = partition(root, words[1], day);
      Path written = partition(staged, words[1], day);
      if (line.startsWith(REMOVE)) {
        files.delete(target, true);
      } else if (files.exists(written)) {
        replace(written, target, partition(new Path(staged, "_before"), words[1], day));
      }
    }
    files.delete(staged, true);
  }

  private void replace(Path written, Path target, Path before) throws IOException {
    if (files.exists(target)) {
      files.delete(before, true);
      files.mkdirs(before.getParent());
      move(target, before);
    }
    files.mkdirs(target.getParent());
    move(written, target);
  }

  private void move(Path from, Path to) throws IOException {
    if (!files.rename(from, to)) {
      throw new IOException(from + " could not be renamed to " + to);
    }
  }

  private List<String> lines(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(files.open(file), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
    }
    return lines;
  }

  /** A small file of a day's partition; none when it is not there, or not as it was written. */
  Optional<String> read(String table, LocalDate day, String name) {
    try {
      return Optional.of(String.join("\n", lines(new Path(partition(root, table, day), name))));
    } catch (FileNotFoundException | ChecksumException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Throws away what is written beside. */
  void drop() {
    try {
      files.delete(staging, true);
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /** The first day of a range of which one of some tables has a partition, here or beside. */
  Optional<LocalDate> first(List<String> tables, LocalDate from, LocalDate to) {
    SortedSet<LocalDate> days = new TreeSet<>();
    for (String table : tables) {
      days.addAll(days(root, table));
      days.addAll(days(staging, table));
    }
    return days.subSet(from, to.plusDays(1)).stream().findFirst();
  }

  /** The days of which a table has a partition, in order. */
  List<LocalDate> days(String table) {
    return days(root, table);
  }

  private List<LocalDate> days(Path folder, String table) {
    List<LocalDate> days = new ArrayList<>();
    try {
      for (FileStatus child : children(new Path(folder, table))) {
        String name = child.getPath().getName();
        if (name.matches("dt=\\d{4}-\\d{2}-\\d{2}")) {
          days.add(LocalDate.parse(name.substring(3)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    days.sort(null);
    return days;
  }

  private static Path partition(Path root, String table, LocalDate day) {
    return new Path(new Path(root, table), "dt=" + day);
  }

  private IllegalStateException cannotWrite(IOException e) {
    return new IllegalStateException(
        "Cannot write samples: "
            + root
            + ": "
            + e.getMessage()
            + ". Check that run.root can be written and has space.",
        e);
  }
}
