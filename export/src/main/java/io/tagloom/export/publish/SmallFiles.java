package io.tagloom.export.publish;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.IOUtils;

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
   * where the last one's text stays. Without room for its text there is no file afterwards.
   */
  static void create(FileSystem fs, Path file, String text) throws IOException {
    // Only what was made here is removed: when this fails, the file is somebody else's.
    OutputStream made = create(fs, file);
    try (OutputStream out = made) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException | FSError e) {
      plain(fs).delete(file, false);
      throw e;
    }
  }

  private static OutputStream create(FileSystem fs, Path file) throws IOException {
    // Hadoop's own for local disks looks first and creates then, which lets two through.
    return fs instanceof LocalFileSystem
        ? Files.newOutputStream(
            ((LocalFileSystem) fs).pathToFile(file).toPath(),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE)
        : fs.create(file, false);
  }

  /** Writes a file, over one that is there. */
  static void put(FileSystem fs, Path file, String text) throws IOException {
    try (OutputStream out = fs.create(file, true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (FSError e) {
      // What Hadoop makes of a full local disk.
      throw new IOException("Cannot write " + file + ": " + e.getCause().getMessage() + ".", e);
    }
  }

  /** The text of a file; none when there is none. */
  static Optional<String> read(FileSystem fs, Path file) throws IOException {
    try (FSDataInputStream in = plain(fs).open(file)) {
      // To its end, not by its length: the file can be replaced after it was opened.
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      IOUtils.copyBytes(in, bytes, 4096);
      return Optional.of(new String(bytes.toByteArray(), StandardCharsets.UTF_8));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  private static boolean hasAtomicRename(FileSystem fs) {
    String scheme = fs.getUri().getScheme();
    return "hdfs".equals(scheme) || "viewfs".equals(scheme);
  }
}
