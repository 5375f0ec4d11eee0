package io.tagloom.pipeline.command;

import io.tagloom.conf.SettingsException;
import io.tagloom.conf.TagloomException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;

/**
 * The files that run tagloom elsewhere, written as tar.gz by Commons Compress, which Spark brings.
 * The bytes tell the files and nothing else: names are sorted, times, owners and modes are fixed.
 */
final class Archive {
  /** Of every entry: the first of January 2026, as that of the classes in the jar. */
  private static final long SECONDS = 1_767_225_600L;

  private static final int PROGRAM = 0755;
  private static final int FILE = 0644;

  private final Path home;
  private final Map<String, Path> files = new TreeMap<>();

  private Archive(Path home) {
    this.home = home;
  }

  /**
   * What a build has made, with launcher, settings, DAG and words.
   *
   * @param home folder of the sources, with a built job jar
   * @throws SettingsException when something of it is not there
   */
  static Archive ofSources(Path home) {
    if (!Files.exists(home.resolve("pom.xml"))) {
      throw new SettingsException(
          "Cannot package: "
              + home
              + " holds no sources but was unpacked itself. Copy the archive that it came from.");
    }
    Archive archive = new Archive(home);
    archive.add("bin/tagloom", "pipeline/bin/tagloom");
    archive.add("lib/tagloom.jar", "pipeline/target/tagloom.jar");
    archive.addAll("conf", "conf", "*.{conf,options,properties}");
    archive.addAll("conf/examples", "conf/examples", "*.conf");
    archive.addAll("dags", "pipeline/airflow/dags", "*.py");
    archive.add("deploy/Dockerfile", "pipeline/deploy/Dockerfile");
    archive.add("README.md", "pipeline/deploy/README.md");
    archive.add("OPERATION.md", "pipeline/README.md");
    return archive;
  }

  /** Adds the jars of the Spark that the build has fetched. */
  void addSpark() {
    addAll("lib/spark", "pipeline/target/spark-runtime", "*.jar");
  }

  /** How many files it holds. */
  int files() {
    return files.size();
  }

  /**
   * Writes it, whole or not at all.
   *
   * @param name the folder that all entries are in
   * @param file the archive
   * @return its bytes
   * @throws SettingsException when it cannot be written
   */
  long write(String name, Path file) {
    Path partial = file.resolveSibling("." + file.getFileName() + ".partial");
    try {
      try {
        try (OutputStream out = Files.newOutputStream(partial)) {
          write(name, out);
        }
        Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(partial);
      }
      return Files.size(file);
    } catch (IOException e) {
      throw new SettingsException(
          "Cannot write the archive "
              + file
              + ": "
              + TagloomException.reason(e)
              + ". Name another with --output FILE.");
    }
  }

  private void write(String name, OutputStream out) throws IOException {
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new GzipCompressorOutputStream(out))) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (String folder : folders()) {
        tar.putArchiveEntry(entry(name + folder, PROGRAM));
        tar.closeArchiveEntry();
      }
      for (Map.Entry<String, Path> file : files.entrySet()) {
        boolean program = file.getKey().startsWith("bin/");
        TarArchiveEntry entry = entry(name + "/" + file.getKey(), program ? PROGRAM : FILE);
        entry.setSize(Files.size(file.getValue()));
        tar.putArchiveEntry(entry);
        Files.copy(file.getValue(), tar);
        tar.closeArchiveEntry();
      }
    }
  }

  /** All folders, outer ones first, each between two slashes. */
  private TreeSet<String> folders() {
    TreeSet<String> folders = new TreeSet<>();
    for (String file : files.keySet()) {
      String path = "/" + file;
      for (int i = path.lastIndexOf('/'); i >= 0; i = path.lastIndexOf('/', i - 1)) {
        folders.add(path.substring(0, i + 1));
      }
    }
    return folders;
  }

  private static TarArchiveEntry entry(String name, int mode) {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setMode(mode);
    entry.setModTime(SECONDS * 1000);
    entry.setIds(0, 0);
    entry.setNames("root", "root");
    return entry;
  }

  private void add(String name, String source) {
    Path file = home.resolve(source);
    if (!Files.isRegularFile(file)) {
      throw missing(file);
    }
    files.put(name, file);
  }

  private void addAll(String folder, String source, String pattern) {
    int before = files.size();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(home.resolve(source), pattern)) {
      for (Path file : found) {
        files.put(folder + "/" + file.getFileName(), file);
      }
    } catch (IOException e) {
      throw missing(home.resolve(source));
    }
    if (files.size() == before) {
      throw missing(home.resolve(source).resolve(pattern));
    }
  }

  private static SettingsException missing(Path file) {
    return new SettingsException(
        "Cannot package: " + file + " is missing. Build all of it with mvn package.");
  }
}
