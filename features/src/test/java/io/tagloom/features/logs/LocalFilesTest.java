package io.tagloom.features.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagloom.conf.SparkSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFilesTest {
  private static FileSystem ofLocalRuns() throws IOException {
    Configuration hadoop = new Configuration();
    hadoop.set(
        "fs.file.impl", SparkSettings.defaultsFor("local[2]").get("spark.hadoop.fs.file.impl"));
    return FileSystem.newInstance(URI.create("file:///"), hadoop);
  }

  @Test
  void filesOfLocalRunsGetTheirPermissionsAndChecksums(@TempDir Path folder) throws IOException {
    try (FileSystem files = ofLocalRuns()) {
      assertThat(files).isInstanceOf(LocalFiles.class);
      Path file = folder.resolve("a b");
      for (String letters : new String[] {"rw-r-----", "rwxr-xr-x", "r--------", "rw-r--r--"}) {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file.toUri());
        if (!Files.exists(file)) {
          files.create(path).close();
        }
        files.setPermission(path, FsPermission.valueOf("-" + letters));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo(letters);
      }
      assertThat(folder.resolve(".a b.crc")).exists();
    }
  }

  @Test
  void aMissingFileIsAnError(@TempDir Path folder) throws IOException {
    try (FileSystem files = ofLocalRuns()) {
      org.apache.hadoop.fs.Path path =
          new org.apache.hadoop.fs.Path(folder.resolve("missing").toUri());

      assertThatThrownBy(() -> files.setPermission(path, FsPermission.getFileDefault()))
          .isInstanceOf(NoSuchFileException.class);
    }
  }
}
