package io.tagloom.export;

import io.tagloom.export.scoring.KeyOrder;
import io.tagloom.export.tables.TableKind;
import io.tagloom.export.tables.TablePart;
import io.tagloom.export.tables.TableReader;
import io.tagloom.export.tables.UserProfile;
import io.tagloom.export.tables.UserVectors;
import java.io.Closeable;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;

/**
 * One file of each user table of the version before, read side by side: the same users, in the same
 * order.
 */
final class EarlierUsers implements Closeable {
  static final TableKind[] KINDS = {
    TableKind.USER_INPUTS, TableKind.USER_VECTORS, TableKind.USER_TAG_PROFILE
  };

  private final TableReader<Group> inputs;
  private final TableReader<UserVectors> vectors;
  private final TableReader<UserProfile> profiles;
  private Optional<Group> input = Optional.empty();
  private Optional<UserVectors> vector = Optional.empty();
  private Optional<UserProfile> profile = Optional.empty();

  private EarlierUsers(Configuration configuration, Path version, int part) throws IOException {
    this.inputs = TableReader.groups(configuration, file(version, TableKind.USER_INPUTS, part));
    this.vectors = TableReader.vectors(configuration, file(version, TableKind.USER_VECTORS, part));
    this.profiles =
        TableReader.profiles(configuration, file(version, TableKind.USER_TAG_PROFILE, part));
    advance();
  }

  static EarlierUsers open(Configuration configuration, Path version, int part) throws IOException {
    return new EarlierUsers(configuration, version, part);
  }

  private static List<Path> file(Path version, TableKind kind, int part) {
    return Collections.singletonList(
        new Path(new Path(version, kind.folder()), TablePart.name(part)));
  }

  private void advance() throws IOException {
    input = inputs.next();
    vector = vectors.next();
    profile = profiles.next();
  }

  /**
   * Goes to a user; users must be asked for in their order. Tells whether the same fields are
   * there.
   */
  boolean has(String user, long fingerprint) throws IOException {
    while (input.isPresent() && KeyOrder.compare(input.get().getString("user_id", 0), user) < 0) {
      advance();
    }
    return input.isPresent()
        && input.get().getString("user_id", 0).equals(user)
        && input.get().getLong("fingerprint", 0) == fingerprint
        && vector.isPresent()
        && vector.get().userId().equals(user)
        && profile.isPresent()
        && profile.get().userId().equals(user);
  }

  /** The vectors of the user that was found. */
  UserVectors vectors() {
    return vector.orElseThrow(IllegalStateException::new);
  }

  /** The profile of the user that was found. */
  UserProfile profile() {
    return profile.orElseThrow(IllegalStateException::new);
  }

  /** Number of users of a file of the version before. */
  static long count(Configuration configuration, Path version, int part) throws IOException {
    long count = 0;
    try (TableReader<Group> reader =
        TableReader.groups(configuration, file(version, TableKind.USER_INPUTS, part))) {
      while (reader.next().isPresent()) {
        count++;
      }
    }
    return count;
  }

  /** Carries the files over as they are. */
  static void copy(Configuration configuration, Path from, Path to, int part) throws IOException {
    for (TableKind kind : KINDS) {
      Path source = new Path(new Path(from, kind.folder()), TablePart.name(part));
      Path target = new Path(new Path(to, kind.folder()), source.getName());
      Path hidden =
          new Path(target.getParent(), "." + target.getName() + "." + TablePlan.attempt());
      FileSystem fs = target.getFileSystem(configuration);
      fs.mkdirs(target.getParent());
      FileUtil.copy(fs, source, fs, hidden, false, true, configuration);
      fs.delete(target, false);
      if (!fs.rename(hidden, target)) {
        throw new IOException("Cannot rename " + hidden + " to " + target + ". Check permissions.");
      }
    }
  }

  @Override
  public void close() throws IOException {
    inputs.close();
    vectors.close();
    profiles.close();
  }
}
