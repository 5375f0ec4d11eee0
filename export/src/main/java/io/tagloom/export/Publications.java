package io.tagloom.export;

import io.tagloom.conf.InputException;
import io.tagloom.export.publish.Manifest;
import io.tagloom.export.publish.Publisher;
import io.tagloom.export.publish.VersionStore;
import io.tagloom.export.tables.TableFiles;
import io.tagloom.export.tables.TableKind;
import io.tagloom.export.tables.TableReader;
import io.tagloom.export.tables.UserProfile;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The published tables, as a reader sees them: one version, whole. */
public final class Publications {
  private final VersionStore store;

  private Publications(VersionStore store) {
    this.store = store;
  }

  /**
   * The tables of a root folder.
   *
   * @param configuration Hadoop configuration
   * @param root {@code run.root}
   */
  public static Publications under(Configuration configuration, String root) {
    return new Publications(new VersionStore(configuration, new Path(root, "tables")));
  }

  /**
   * The manifest of the latest version.
   *
   * @throws InputException if nothing is published
   */
  public Manifest latest() throws IOException {
    Optional<Manifest> manifest = store.latestManifest();
    if (!manifest.isPresent()) {
      throw new InputException(
          "Cannot read tables: nothing is published in " + store.folder() + ". Run the export.");
    }
    return manifest.get();
  }

  /** Manifests of all versions that are whole, the oldest first. */
  public List<Manifest> versions() throws IOException {
    return store.versions();
  }

  /**
   * A user's profile in the latest version.
   *
   * @return the profile; the cold one, under the user's id, when the tables do not have the user
   * @throws InputException if nothing is published
   */
  public UserProfile profile(String user) throws IOException {
    Manifest manifest = latest();
    Optional<UserProfile> profile =
        TableReader.profile(
            store.configuration(), files(manifest, TableKind.USER_TAG_PROFILE), user);
    return profile.isPresent() ? profile.get() : cold(manifest).as(user);
  }

  /** Whether the latest version has a row for a user. */
  public boolean has(String user) throws IOException {
    List<Path> files = files(latest(), TableKind.USER_TAG_PROFILE);
    return TableReader.profile(store.configuration(), files, user).isPresent();
  }

  private UserProfile cold(Manifest manifest) throws IOException {
    try (TableReader<UserProfile> reader =
        TableReader.profiles(store.configuration(), files(manifest, TableKind.COLD_PROFILE))) {
      return reader
          .next()
          .orElseThrow(
              () ->
                  new IOException(
                      "Cannot read the cold profile of "
                          + manifest.version()
                          + ": the table is empty. Publish again."));
    }
  }

  /**
   * Makes the version before the published one the latest again.
   *
   * @param lockMinutes minutes after which another publisher's lock is taken over
   * @return name of the version that is now published
   * @throws io.tagloom.conf.PublishRefusedException if there is none, or somebody is publishing
   */
  public String rollback(int lockMinutes) throws IOException {
    return Publisher.rollback(store, lockMinutes);
  }

  private List<Path> files(Manifest manifest, TableKind kind) throws IOException {
    return new TableFiles(store.configuration(), store.folder(manifest.version()), kind).list();
  }
}
