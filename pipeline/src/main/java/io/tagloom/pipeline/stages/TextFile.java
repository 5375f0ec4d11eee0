package io.tagloom.pipeline.stages;

import io.tagloom.conf.TagloomException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.io.IOUtils;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A small file of text that one stage leaves for others, on any Hadoop file system. */
final class TextFile {
  private TextFile() {}

  static String read(Run run, Path file) throws IOException {
    try (InputStream in = run.fileSystem(file).open(file)) {
      return IOUtils.toString(in, StandardCharsets.UTF_8);
    }
  }

  /**
   * Writes beside and renames, so that what has the name is whole.
   *
   * @throws IllegalStateException when it cannot be written
   */
  static void replace(Run run, Path file, String text) {
    Path beside = file.suffix(".new");
    try {
      FileSystem files = run.fileSystem(file);
      files.mkdirs(file.getParent());
      try (OutputStream out = files.create(beside, true)) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      }
      files.delete(file, false);
      if (!files.rename(beside, file)) {
        throw new IOException("cannot be renamed");
      }
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /** Takes a file away, if there is one. */
  static void delete(Run run, Path file) {
    try {
      run.fileSystem(file).delete(file, false);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static IllegalStateException unwritable(Path file, IOException e) {
    return new IllegalStateException(
        "Cannot write " + file + ": " + TagloomException.reason(e) + ". Look at the file system.",
        e);
  }
}
