package io.tagloom.export;

import io.tagloom.conf.InputException;
import io.tagloom.conf.JdbcSettings;
import io.tagloom.export.ann.Neighbour;
import io.tagloom.export.publish.Manifest;
import io.tagloom.export.publish.PublishedViews;
import io.tagloom.export.publish.Publisher;
import io.tagloom.export.publish.Publisher.Moved;
import io.tagloom.export.publish.VersionStore;
import io.tagloom.export.scoring.ScoredTask;
import io.tagloom.export.scoring.TagMatrix;
import io.tagloom.export.tables.Gates;
import io.tagloom.export.tables.RankedTag;
import io.tagloom.export.tables.TableFiles;
import io.tagloom.export.tables.TableKind;
import io.tagloom.export.tables.TableReader;
import io.tagloom.export.tables.UserProfile;
import io.tagloom.export.tables.UserVectors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SerializableWritable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

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
    return store.latestManifest().orElseThrow(this::nothing);
  }

  /**
   * Name of the latest version, which is looked for no further.
   *
   * @throws InputException if nothing is published
   */
  public String latestVersion() throws IOException {
    return store.latest().orElseThrow(this::nothing);
  }

  private InputException nothing() {
    return new InputException(
        "Cannot read tables: nothing is published in "
            + store.folder()
            + ". Run `tagloom nightly`, or check run.root.");
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

  /**
   * Users of the latest version whose ids are close to one that it does not have; every id is
   * looked at.
   *
   * @return at most three, the nearest first
   * @throws InputException if nothing is published
   */
  public List<String> nearUsers(String user) throws IOException {
    NearNames near = new NearNames(user);
    List<Path> files = files(latest(), TableKind.USER_TAG_PROFILE);
    try (TableReader<String> ids = TableReader.texts(store.configuration(), files, "user_id")) {
      for (Optional<String> id = ids.next(); id.isPresent(); id = ids.next()) {
        near.add(id.get());
      }
    }
    return near.list();
  }

  /**
   * The task behind the interests of the latest version, or behind the intentions when there are no
   * interests.
   *
   * @throws InputException if nothing is published
   */
  public String mainTask() throws IOException {
    Map<String, String> properties = latest().properties();
    String interests = properties.getOrDefault("interests", "");
    return interests.isEmpty() ? properties.getOrDefault("intentions", "") : interests;
  }

  /**
   * What each expert has to do with the tags of a user's two lists.
   *
   * @return the interests' tags, then the intentions'; none for a user without a row
   * @throws InputException if nothing is published
   */
  public List<TagShare> shares(String user) throws IOException {
    Manifest manifest = latest();
    List<TagShare> shares = new ArrayList<>();
    Optional<UserVectors> vectors =
        TableReader.vectors(store.configuration(), files(manifest, TableKind.USER_VECTORS), user);
    if (!vectors.isPresent()) {
      return shares;
    }
    UserProfile profile = profile(user);
    addShares(manifest, "interests", profile.interests(), vectors.get(), shares);
    addShares(manifest, "intentions", profile.intentions(), vectors.get(), shares);
    return shares;
  }

  private void addShares(
      Manifest manifest,
      String list,
      List<RankedTag> entries,
      UserVectors user,
      List<TagShare> shares)
      throws IOException {
    String task = manifest.properties().getOrDefault(list, "");
    if (task.isEmpty()) {
      return;
    }
    TagMatrix tags = tags(manifest, task);
    int kernels = tags.task().kernelCount();
    for (RankedTag entry : entries) {
      int tag = tags.indexOf(entry.tag());
      double[] products = new double[kernels];
      for (int k = 0; k < kernels; k++) {
        products[k] = tags.product(user.experts(), user.offset(), tag, k);
      }
      float[] gates = Arrays.copyOfRange(tags.gates(), tag * kernels, (tag + 1) * kernels);
      shares.add(new TagShare(task, entry, tags.task().kernels(), gates, products));
    }
  }

  /**
   * The users with the highest scores for a tag, by the same scores as in profiles: score
   * descending, then user ascending. Every user is looked at, by a Spark job.
   *
   * @param task task whose scores are meant, such as ctr
   * @param tag the tag
   * @param top users wanted, at least 1
   * @throws InputException if nothing is published, or the version has no such task or tag
   */
  public List<AudienceMember> audience(SparkSession spark, String task, String tag, int top)
      throws IOException {
    Manifest manifest = latest();
    TagMatrix tags = tags(manifest, task);
    TagMatrix one = tags.select(new int[] {position(manifest, tags, tag)});
    List<String> files = new ArrayList<>();
    files(manifest, TableKind.USER_VECTORS).forEach(file -> files.add(file.toString()));
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<SerializableWritable<Configuration>> hadoop =
        context.broadcast(new SerializableWritable<>(store.configuration()));
    List<Neighbour> best = new ArrayList<>();
    try {
      context.setJobGroup("audience", "Find the users with the highest scores for " + tag);
      // At most top users a file.
      context
          .parallelize(files, Math.max(1, files.size()))
          .map(new Audience(hadoop, one, top))
          .collect()
          .forEach(best::addAll);
    } finally {
      context.clearJobGroup();
      hadoop.destroy();
    }
    Collections.sort(best);
    List<AudienceMember> members = new ArrayList<>();
    for (Neighbour user : best.subList(0, Math.min(top, best.size()))) {
      float probability = (float) one.probability(0, user.score());
      members.add(new AudienceMember(user.name(), user.score(), probability));
    }
    return members;
  }

  /**
   * Tags that the same users score alike: by the cosine of their ann_vectors, largest first.
   *
   * @param task task whose vectors are meant, such as ctr
   * @param tag the tag, which is left out
   * @param top tags wanted, at least 1
   * @throws InputException if nothing is published, or the version has no such task or tag
   */
  public List<Neighbour> similar(String task, String tag, int top) throws IOException {
    Manifest manifest = latest();
    TagMatrix tags = tags(manifest, task);
    int wanted = position(manifest, tags, tag);
    float[] query = tags.annVector(wanted);
    List<Neighbour> all = new ArrayList<>();
    for (int other = 0; other < tags.size(); other++) {
      if (other != wanted) {
        all.add(new Neighbour(tags.name(other), cosine(query, tags.annVector(other))));
      }
    }
    Collections.sort(all);
    return new ArrayList<>(all.subList(0, Math.min(top, all.size())));
  }

  private static float cosine(float[] a, float[] b) {
    double dot = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      squaresA += (double) a[i] * a[i];
      squaresB += (double) b[i] * b[i];
    }
    double lengths = Math.sqrt(squaresA * squaresB);
    return lengths == 0 ? 0f : (float) (dot / lengths);
  }

  private TagMatrix tags(Manifest manifest, String task) throws IOException {
    ScoredTask scored = PublishedTags.task(manifest, task);
    try (TableReader<Gates> reader =
        TableReader.gates(store.configuration(), files(manifest, TableKind.TAG_GATES))) {
      return PublishedTags.matrix(scored, reader, PublishedTags.areMeans(manifest));
    }
  }

  private static int position(Manifest manifest, TagMatrix tags, String tag) {
    int position = tags.indexOf(tag);
    if (position < 0) {
      NearNames near = new NearNames(tag);
      for (int other = 0; other < tags.size(); other++) {
        near.add(tags.name(other));
      }
      throw new InputException(
          "Cannot find tag "
              + tag
              + " in "
              + manifest.version()
              + ": it is not among its "
              + tags.size()
              + " tags. "
              + NearNames.question(near.list(), "Check the spelling."));
    }
    return position;
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

  /** As {@link #rollback(int, Optional)} where the tables have no views; gives the version. */
  public String rollback(int lockMinutes) throws IOException {
    return Publisher.rollback(store, lockMinutes);
  }

  /** As {@link #use(String, int, Optional)} where the tables have no views. */
  public void use(String version, int lockMinutes) throws IOException {
    Publisher.use(store, version, lockMinutes);
  }

  /**
   * Makes the version before the published one the latest again.
   *
   * @param lockMinutes minutes after which another publisher's lock is taken over
   * @param views the views of the tables, which move too, if there are any
   * @return the version that is now published
   * @throws io.tagloom.conf.PublishRefusedException if there is none
   * @throws io.tagloom.conf.LockedException if somebody is publishing
   */
  public Moved rollback(int lockMinutes, Optional<PublishedViews> views) throws IOException {
    return Publisher.rollback(store, lockMinutes, views);
  }

  /**
   * Makes a version that is still kept the latest, such as one that was rolled back by mistake.
   *
   * @param version its name
   * @param lockMinutes minutes after which another publisher's lock is taken over
   * @param views the views of the tables, which move too, if there are any
   * @throws InputException if there is no such version, or it is not whole
   * @throws io.tagloom.conf.LockedException if somebody is publishing
   */
  public Moved use(String version, int lockMinutes, Optional<PublishedViews> views)
      throws IOException {
    return Publisher.use(store, version, lockMinutes, views);
  }

  private List<Path> files(Manifest manifest, TableKind kind) throws IOException {
    return new TableFiles(store.configuration(), store.folder(manifest.version()), kind).list();
  }

  /**
   * Puts the profiles of the published version into a serving database, as an export does: after a
   * rollback, say. Without Spark, one file after the other.
   *
   * @return {@code jdbc.rows} written, and {@code jdbc.removed} of users that the version lacks
   * @throws IOException if the database cannot be reached in the set number of attempts
   */
  public Map<String, Double> fill(JdbcSettings database) throws IOException {
    return ServingJob.fill(database, store, latest());
  }
}
