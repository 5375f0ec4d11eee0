package io.tagloom.training.trainer;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The checkpoints of one run and its data as folders {@code step-000000123}, on any Hadoop file
 * system. A checkpoint is written into a folder beside, whose name starts with a dot, gets its
 * manifest last and is then renamed: what has a plain name was whole once.
 */
final class CheckpointFiles {
  private static final String STEP = "step-";
  private static final String BESIDE = ".writing-";
  private static final int CHUNK = 1 << 16;

  /** Writes one file. */
  interface Content {
    /** Writes everything. */
    void write(DataOutputStream out) throws IOException;
  }

  private final Path folder;
  private final FileSystem files;

  CheckpointFiles(String folder, Configuration hadoop) throws IOException {
    this.folder = new Path(folder);
    this.files = this.folder.getFileSystem(hadoop);
  }

  Path folder() {
    return folder;
  }

  /** Names of checkpoints, the newest first. */
  List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    try {
      for (FileStatus status : files.listStatus(folder)) {
        if (status.isDirectory() && status.getPath().getName().startsWith(STEP)) {
          names.add(status.getPath().getName());
        }
      }
    } catch (FileNotFoundException e) {
      return names;
    }
    Collections.sort(names, Collections.reverseOrder());
    return names;
  }

  Path path(String name) {
    return new Path(folder, name);
  }

  static String name(long step) {
    return String.format(Locale.ROOT, STEP + "%012d", step);
  }

  /** The folder beside, where a checkpoint is made. */
  static String beside(String run, long step) {
    return BESIDE + step + "-" + run;
  }

  /** Writes one file of a checkpoint that is being made. */
  CheckpointManifest.Piece write(String beside, String name, Content content) throws IOException {
    Path file = new Path(path(beside), name);
    CRC32 sum = new CRC32();
    try (DataOutputStream out =
        new DataOutputStream(new CheckedOutputStream(files.create(file, true), sum))) {
      content.write(out);
    } catch (FSError e) {
      // How Hadoop's local file system says that the disk is full.
      throw new IOException(e.getCause() == null ? e : e.getCause());
    }
    return new CheckpointManifest.Piece(name, files.getFileStatus(file).getLen(), sum.getValue());
  }

  /** Writes the manifest and gives the checkpoint its name; one of that name is replaced. */
  void finish(String beside, CheckpointManifest manifest) throws IOException {
    write(beside, CheckpointManifest.FILE, out -> out.write(manifest.toBytes()));
    Path last = path(name(manifest.step));
    files.delete(last, true);
    if (!files.rename(path(beside), last)) {
      throw new IOException("rename of " + path(beside) + " failed");
    }
  }

  /** Takes away what is left of a checkpoint that could not be finished. */
  void abandon(String beside) {
    try {
      files.delete(path(beside), true);
    } catch (IOException | FSError e) {
      // What cannot be deleted now goes with all the rest when the run has ended.
    }
  }

  /** Takes away all but the newest checkpoints. */
  void prune(int keep) throws IOException {
    List<String> names = names();
    for (String old : names.subList(Math.min(keep, names.size()), names.size())) {
      files.delete(path(old), true);
    }
  }

  /** Takes away folders of checkpoints that were never finished. */
  void sweep() throws IOException {
    try {
      for (FileStatus status : files.listStatus(folder)) {
        if (status.getPath().getName().startsWith(BESIDE)) {
          files.delete(status.getPath(), true);
        }
      }
    } catch (FileNotFoundException e) {
      return;
    }
  }

  CheckpointManifest manifest(String name) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (InputStream in = files.open(new Path(path(name), CheckpointManifest.FILE))) {
      copy(in, text, new CRC32());
    }
    return CheckpointManifest.parse(text.toByteArray());
  }

  /**
   * Reads a file from end to end.
   *
   * @throws IOException if it is not what was written
   */
  void verify(String name, CheckpointManifest.Piece piece) throws IOException {
    CRC32 sum = new CRC32();
    long bytes;
    try (InputStream in = files.open(new Path(path(name), piece.name))) {
      bytes = copy(in, null, sum);
    }
    if (bytes != piece.bytes) {
      throw new IOException(piece.name + " has " + bytes + " of " + piece.bytes + " bytes");
    }
    if (sum.getValue() != piece.checksum) {
      throw new IOException(piece.name + " does not fit its checksum");
    }
  }

  DataInputStream open(String name, String piece) throws IOException {
    return new DataInputStream(
        new BufferedInputStream(files.open(new Path(path(name), piece)), CHUNK));
  }

  private static long copy(InputStream in, OutputStream out, CRC32 sum) throws IOException {
    byte[] chunk = new byte[CHUNK];
    long bytes = 0;
    for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
      sum.update(chunk, 0, n);
      bytes += n;
      if (out != null) {
        out.write(chunk, 0, n);
      }
    }
    return bytes;
  }
}
