package io.tagloom.export;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** The local file system, with no room for files of a table. */
public final class FullDisk extends LocalFileSystem {
  private static final String TABLE = "tagloom.test.full";

  static Configuration at(String table) {
    Configuration configuration = new Configuration();
    configuration.set("fs.file.impl", FullDisk.class.getName());
    configuration.setBoolean("fs.file.impl.disable.cache", true);
    configuration.set(TABLE, table);
    return configuration;
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
    FSDataOutputStream out =
        super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress);
    return file.toString().contains("/" + getConf().get(TABLE) + "/")
        ? new FSDataOutputStream(new Full(out), null)
        : out;
  }

  private static final class Full extends FilterOutputStream {
    private int left = 100;

    Full(OutputStream out) {
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
