package io.tagloom.pipeline.stages;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.Arrays;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A digest of what a stage depends on: texts, and files by name, length and time of last change.
 * Day folders ({@code dt=…}) outside the days that the stage reads do not count. Not for use by
 * several threads.
 */
final class Fingerprint {
  private final MessageDigest digest;

  Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  /** Adds a text. */
  Fingerprint text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
    return this;
  }

  /** Adds all files below a path or pattern; one that does not exist adds nothing. */
  Fingerprint files(Run run, Path path, LocalDate from, LocalDate to) throws IOException {
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
      text(status.getPath() + " " + status.getLen() + " " + status.getModificationTime());
      return;
    }
    FileStatus[] children = files.listStatus(status.getPath());
    Arrays.sort(children);
    for (FileStatus child : children) {
      add(files, child, from, to);
    }
  }

  /** The digest: 64 hexadecimal digits. */
  String hex() {
    StringBuilder hex = new StringBuilder();
    for (byte b : digest.digest()) {
      hex.append(String.format("%02x", b));
    }
    return hex.toString();
  }
}
