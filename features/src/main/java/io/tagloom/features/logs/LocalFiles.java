package io.tagloom.features.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Hadoop's local file system, setting permissions without help from outside: without its native
 * library Hadoop starts a {@code chmod} process for every file it writes, which costs a local run
 * more than writing them. Named in {@code local.conf} as {@code fs.file.impl}.
 */
public final class LocalFiles extends LocalFileSystem {
  /** As Hadoop makes it. */
  public LocalFiles() {
    super(new Raw());
  }

  /** The same without checksums. */
  private static final class Raw extends RawLocalFileSystem {
    @Override
    public void setPermission(org.apache.hadoop.fs.Path path, FsPermission permission)
        throws IOException {
      Path file = pathToFile(path).toPath();
      boolean posix = Files.getFileAttributeView(file, PosixFileAttributeView.class) != null;
      if (!posix || permission.getStickyBit()) {
        super.setPermission(path, permission);
        return;
      }
      String letters =
          permission.getUserAction().SYMBOL
              + permission.getGroupAction().SYMBOL
              + permission.getOtherAction().SYMBOL;
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(letters));
    }
  }
}
