package io.tagloom.features;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** The local file system, with faults of the test's choice. */
public final class FaultyDisk extends LocalFileSystem {
  private static final AtomicReference<Consumer<String>> FAULT = new AtomicReference<>(file -> {});

  /** Makes this the local file system of a configuration. */
  public static void use(Configuration configuration) {
    configuration.set("fs.file.impl", FaultyDisk.class.getName());
    configuration.setBoolean("fs.file.impl.disable.cache", true);
  }

  /** Undoes {@link #use}, and all faults. */
  public static void leave(Configuration configuration) {
    configuration.unset("fs.file.impl");
    configuration.unset("fs.file.impl.disable.cache");
    mend();
  }

  /** From now on no file is at fault. */
  public static void mend() {
    FAULT.set(file -> {});
  }

  /** Calls this with each file that is created; what it throws is the fault. */
  public static void fail(Consumer<String> fault) {
    FAULT.set(fault);
  }

  /** Has no room for some files: they are begun and not ended. */
  public static void fillUp(Predicate<String> files) {
    fail(
        file -> {
          if (files.test(file)) {
            throw new Full();
          }
        });
  }

  /** A stream that takes so many bytes and then finds the disk full. */
  public static OutputStream full(OutputStream out, int bytes) {
    return new NoRoom(out, bytes);
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    boolean full = false;
    try {
      FAULT.get().accept(file.toString());
    } catch (Full e) {
      full = true;
    }
    FSDataOutputStream out =
        super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress);
    return full ? new FSDataOutputStream(full(out, 100), null) : out;
  }

  private static final class Full extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final class NoRoom extends FilterOutputStream {
    private int left;

    NoRoom(OutputStream out, int bytes) {
      super(out);
      this.left = bytes;
    }

    @Override
    public void write(int b) throws IOException {
      if (left-- <= 0) {
        throw new IOException("No space left on device");
      }
      out.write(b);
    }
  }
}
