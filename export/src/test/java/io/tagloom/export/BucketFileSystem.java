package io.tagloom.export;

import io.tagloom.features.FaultyDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * What an object store offers, on local files: no folder can be renamed, a file is renamed by
 * copying it, times cannot be set, and of two that create the same file both succeed.
 */
public final class BucketFileSystem extends RawLocalFileSystem {
  private static final String FULL = "tagloom.test.full";

  /** A configuration whose paths without a scheme are in the bucket. */
  static Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.set("fs.defaultFS", "bucket:///");
    configuration.set("fs.bucket.impl", BucketFileSystem.class.getName());
    configuration.setBoolean("fs.bucket.impl.disable.cache", true);
    return configuration;
  }

  /** As {@link #configuration()}, without room for the text of files of a name. */
  static Configuration fullAt(String name) {
    Configuration configuration = configuration();
    configuration.set(FULL, name);
    return configuration;
  }

  @Override
  public URI getUri() {
    return URI.create("bucket:///");
  }

  @Override
  public void initialize(URI uri, Configuration configuration) throws IOException {
    super.initialize(getUri(), configuration);
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
    return file.getName().equals(getConf().get(FULL, ""))
        ? full()
        : super.create(file, permission, true, bufferSize, replication, blockSize, progress);
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return file.getName().equals(getConf().get(FULL, ""))
        ? full()
        : super.create(file, true, bufferSize, replication, blockSize, progress);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    if (getFileStatus(from).isDirectory()) {
      throw new UnsupportedOperationException("an object store cannot rename the folder " + from);
    }
    return FileUtil.copy(this, from, this, to, true, true, getConf());
  }

  @Override
  public void setTimes(Path path, long modified, long accessed) {
    throw new UnsupportedOperationException("an object store sets its own times");
  }

  /** A store takes a file when all of it has come; without room the one before stays. */
  private static FSDataOutputStream full() throws IOException {
    return new FSDataOutputStream(FaultyDisk.full(new ByteArrayOutputStream(), 0), null);
  }
}
