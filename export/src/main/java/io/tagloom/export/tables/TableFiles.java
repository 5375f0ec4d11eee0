package io.tagloom.export.tables;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/** The files of one table of one version, as they are in the store. */
public final class TableFiles {
  private final Configuration configuration;
  private final Path folder;

  /**
   * Points at a table.
   *
   * @param configuration Hadoop configuration
   * @param versionFolder folder of the version
   * @param kind the table
   */
  public TableFiles(Configuration configuration, Path versionFolder, TableKind kind) {
    this.configuration = configuration;
    this.folder = new Path(versionFolder, kind.folder());
  }

  /** Folder of the table. */
  public Path folder() {
    return folder;
  }

  /** The files in the order of their names; none when there is no such table. */
  public List<Path> list() throws IOException {
    List<Path> files = new ArrayList<>();
    for (FileStatus status : statuses()) {
      if (status.getPath().getName().endsWith(".parquet")
          && !status.getPath().getName().startsWith(".")) {
        files.add(status.getPath());
      }
    }
    files.sort(Comparator.comparing(Path::getName));
    return files;
  }

  /** Removes what tasks that failed have left. */
  public void sweep() throws IOException {
    FileSystem fs = folder.getFileSystem(configuration);
    for (FileStatus status : statuses()) {
      if (status.getPath().getName().startsWith(".part-")) {
        fs.delete(status.getPath(), false);
      }
    }
  }

  /** Rows of all files, from their footers. */
  public long rows() throws IOException {
    long rows = 0;
    for (Path file : list()) {
      try (ParquetFileReader reader = open(file)) {
        rows += reader.getRecordCount();
      }
    }
    return rows;
  }

  /** Key-value metadata of each file, in the order of their names. */
  public List<Map<String, String>> metadata() throws IOException {
    List<Map<String, String>> all = new ArrayList<>();
    for (Path file : list()) {
      try (ParquetFileReader reader = open(file)) {
        all.add(reader.getFooter().getFileMetaData().getKeyValueMetaData());
      }
    }
    return all;
  }

  private ParquetFileReader open(Path file) throws IOException {
    return ParquetFileReader.open(HadoopInputFile.fromPath(file, configuration));
  }

  private FileStatus[] statuses() throws IOException {
    try {
      return folder.getFileSystem(configuration).listStatus(folder);
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }
}
