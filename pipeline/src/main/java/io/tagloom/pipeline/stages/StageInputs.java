package io.tagloom.pipeline.stages;

import io.tagloom.conf.Fingerprint;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Arrays;
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
    FileSystem files = run.fileSystem(path);
    FileStatus[] found = files.globStatus(path);
    if (found != null) {
      for (FileStatus status : found) {
        add(files, status, from.toString(), to.toString());
      }
    }
    return this;
  }

  private void add(FileSystem files, FileStatus status, String from, String to) throws IOException {
    String name = status.getPath().getName();
    if (name.startsWith("dt=")) {
      String day = name.substring(3);
      if (day.compareTo(from) < 0 || day.compareTo(to) > 0) {
        return;
      }
    }
    if (!status.isDirectory()) {
      // A JDK 8 tells no more of a local file's time than the second.
      long second = Math.floorDiv(status.getModificationTime(), 1000L);
      fingerprint.add(status.getPath().toString()).add(status.getLen()).add(second);
      return;
    }
    FileStatus[] children = files.listStatus(status.getPath());
    Arrays.sort(children);
    for (FileStatus child : children) {
      add(files, child, from, to);
    }
  }

  /** All of it: 64 hexadecimal digits. Call once, at the end. */
  String fingerprint() {
    return fingerprint.hex();
  }
}
