package io.tagloom.export.publish;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/**
 * Replaces a small file so that a reader finds the old text or the new, never none and never half.
 */
final class SmallFiles {
  private SmallFiles() {}

  /**
   * The file system without checksum files beside the files, which cannot be replaced together with
   * them.
   */
  static FileSystem plain(FileSystem fs) {
    return fs instanceof LocalFileSystem ? ((LocalFileSystem) fs).getRaw() : fs;
  }

  /**
   * Replaces {@code target}: by an atomic rename on local disks and HDFS; elsewhere by overwriting,
   * which object stores do in one request.
   */
  static void replace(Configuration configuration, Path target, String text) throws IOException {
    FileSystem fs = target.getFileSystem(configuration);
    if (!(fs instanceof LocalFileSystem) && !hasAtomicRename(fs)) {
      put(fs, target, text);
      return;
    }
    Path beside = new Path(target.getParent(), target.getName() + ".new");
    put(plain(fs), beside, text);
    if (fs instanceof LocalFileSystem) {
      LocalFileSystem local = (LocalFileSystem) fs;
      Files.move(
          local.pathToFile(beside).toPath(),
          local.pathToFile(target).toPath(),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } else {
      FileContext.getFileContext(fs.getUri(), configuration)
          .rename(fs.makeQualified(beside), fs.makeQualified(target), Options.Rename.OVERWRITE);
    }
  }

  /**
   * Creates a file that must not exist. Of two that try at once one fails, but on object stores,
   * where the last one's text stays.
   */
  static void create(FileSystem fs, Path file, String text) throws IOException {
    if (fs instanceof LocalFileSystem) {
      // Hadoop's own looks first and creates then, which lets two through.
      Files.write(
          ((LocalFileSystem) fs).pathToFile(file).toPath(),
          text.getBytes(StandardCharsets.UTF_8),
          StandardOpenOption.CREATE_NEW);
      return;
    }
    try (OutputStream out = fs.create(file, false)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void put(FileSystem fs, Path file, String text) throws IOException {
    try (OutputStream out = fs.create(file, true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static boolean hasAtomicRename(FileSystem fs) {
    String scheme = fs.getUri().getScheme();
    return "hdfs".equals(scheme) || "viewfs".equals(scheme);
  }
}
