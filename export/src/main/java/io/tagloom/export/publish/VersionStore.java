package io.tagloom.export.publish;

import io.tagloom.conf.InputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The versions below a {@code tables} folder, and which is the latest. Reading needs no lock. */
public final class VersionStore {
  static final String POINTER = "_latest";
  static final String MANIFEST = "manifest.json";

  private final Configuration configuration;
  private final Path tables;

  /**
   * Points at a folder, which need not exist yet.
   *
   * @param configuration Hadoop configuration
   * @param tables folder of the versions, {@code <root>/tables}
   */
  public VersionStore(Configuration configuration, Path tables) {
    this.configuration = configuration;
    this.tables = tables;
  }

  /** Folder of the versions. */
  public Path folder() {
    return tables;
  }

  /** Hadoop configuration. */
  public Configuration configuration() {
    return configuration;
  }

  /** Folder of a version. */
  public Path folder(String version) {
    return new Path(tables, version);
  }

  /**
   * Name of the published version, if there is one. Where the pointer is empty, as a disk that was
   * full can leave it, that is the last version which is whole.
   */
  public Optional<String> latest() throws IOException {
    Optional<String> text = read(new Path(tables, POINTER)).map(String::trim);
    return text.isPresent() && text.get().isEmpty() ? last().map(Manifest::version) : text;
  }

  private Optional<Manifest> last() throws IOException {
    return versions().stream().reduce((earlier, later) -> later);
  }

  /**
   * The manifest of the published version, if there is one.
   *
   * @throws InputException if the pointer names a version that is not whole
   */
  public Optional<Manifest> latestManifest() throws IOException {
    Optional<String> version = latest();
    if (!version.isPresent()) {
      return Optional.empty();
    }
    Optional<Manifest> manifest = manifest(version.get());
    if (!manifest.isPresent()) {
      throw new InputException(
          "Cannot read the published version "
              + version.get()
              + ": "
              + folder(version.get())
              + " has no whole manifest. Roll back, or publish again.");
    }
    return manifest;
  }

  /**
   * The manifest of the published version; of the last one that is whole when the pointer names one
   * that is not, so that a publish or a rollback can mend what was damaged by hand.
   */
  Optional<Manifest> lastWhole() throws IOException {
    Optional<String> version = latest();
    if (!version.isPresent()) {
      return Optional.empty();
    }
    Optional<Manifest> manifest = manifest(version.get());
    return manifest.isPresent() ? manifest : last();
  }

  /** The manifest of a version, if it is whole: there, and not damaged. */
  public Optional<Manifest> manifest(String version) throws IOException {
    Optional<String> json = read(new Path(folder(version), MANIFEST));
    return json.flatMap(Manifest::parse);
  }

  /** Manifests of the versions that are whole, in the order of {@link Manifest#ORDER}. */
  public List<Manifest> versions() throws IOException {
    List<Manifest> manifests = new ArrayList<>();
    for (String name : folders()) {
      manifest(name).ifPresent(manifests::add);
    }
    manifests.sort(Manifest.ORDER);
    return manifests;
  }

  /** Names of all version folders, whole or not. */
  List<String> folders() throws IOException {
    List<String> names = new ArrayList<>();
    try {
      for (FileStatus status : fileSystem().listStatus(tables)) {
        String name = status.getPath().getName();
        if (status.isDirectory() && !name.startsWith("_") && !name.startsWith(".")) {
          names.add(name);
        }
      }
    } catch (FileNotFoundException e) {
      return names;
    }
    names.sort(Comparator.naturalOrder());
    return names;
  }

  FileSystem fileSystem() throws IOException {
    return tables.getFileSystem(configuration);
  }

  Optional<String> read(Path file) throws IOException {
    return SmallFiles.read(fileSystem(), file);
  }
}
