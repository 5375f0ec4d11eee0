package io.tagloom.pipeline.stages;

import io.tagloom.conf.Fingerprint;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a stage depends on: texts, and files by name, length and second of last change. Day folders
 * ({@code dt=…}) outside the days that the stage reads do not count. Not for use by several
 * threads.
 */
final class StageInputs {
  private final Fingerprint fingerprint = new Fingerprint();

  /** Adds a text. */
  StageInputs text(String text) {
    fingerprint.add(text);
    return this;
  }

  /** Adds all files below a path or pattern; one that does not exist adds nothing. */
  StageInputs files(Run run, Path path, LocalDate from, LocalDate to) throws IOException {
    return files(run, path, "dt=", from, to);
  }

  /** The same where day folders begin with another text than {@code dt=}. */
  StageInputs files(Run run, Path path, String partition, LocalDate from, LocalDate to)
      throws IOException {
    FileSystem files = run.fileSystem(path);
    FileStatus[] found = files.globStatus(path);
    if (found != null) {
      for (FileStatus status : found) {
        if (isWithin(status, partition, from, to)) {
          add(files, status, folder -> isWithin(folder, partition, from, to));
        }
      }
    }
    return this;
  }

  /** Adds one file, or all below a folder, by its exact path; it must exist. */
  StageInputs file(Run run, Path path) throws IOException {
    FileSystem files = run.fileSystem(path);
    add(files, files.getFileStatus(path), folder -> true);
    return this;
  }

  private static boolean isWithin(
      FileStatus status, String partition, LocalDate from, LocalDate to) {
    String name = status.getPath().getName();
    if (!name.startsWith(partition)) {
      return true;
    }
    String day = name.substring(partition.length());
    return day.compareTo(from.toString()) >= 0 && day.compareTo(to.toString()) <= 0;
  }

  private void add(FileSystem files, FileStatus status, Predicate<FileStatus> wanted)
      throws IOException {
    if (!status.isDirectory()) {
      // A JDK 8 tells no more of a local file's time than the second.
      long second = Math.floorDiv(status.getModificationTime(), 1000L);
      fingerprint.add(status.getPath().toString()).add(status.getLen()).add(second);
      return;
    }
    FileStatus[] children = files.listStatus(status.getPath());
    Arrays.sort(children);
    for (FileStatus child : children) {
      if (wanted.test(child)) {
        add(files, child, wanted);
      }
    }
  }

  /** All of it: 64 hexadecimal digits. Call once, at the end. */
  String fingerprint() {
    return fingerprint.hex();
  }
}
