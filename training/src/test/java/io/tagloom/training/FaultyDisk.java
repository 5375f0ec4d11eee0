package io.tagloom.training;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** The local file system, with faults of the test's choice. */
public final class FaultyDisk extends LocalFileSystem {
  /** Called with each file that is created; what it throws is the fault. */
  static final AtomicReference<Consumer<String>> FAULT = new AtomicReference<>(file -> {});

  /** Thrown by {@link #FAULT} for a disk without room: the file is begun and not ended. */
  static final class Full extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  static void use(Configuration configuration) {
    configuration.set("fs.file.impl", FaultyDisk.class.getName());
    configuration.setBoolean("fs.file.impl.disable.cache", true);
  }

  static void leave(Configuration configuration) {
    configuration.unset("fs.file.impl");
    configuration.unset("fs.file.impl.disable.cache");
    FAULT.set(file -> {});
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
    return full ? new FSDataOutputStream(new NoRoom(out), null) : out;
  }

  private static final class NoRoom extends FilterOutputStream {
    private int left = 100;

    NoRoom(OutputStream out) {
      super(out);
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
