package io.tagloom.conf;

/**
 * Profile tables and their publication: block {@code export} of {@code reference.conf}. Immutable.
 */
public final class ExportSettings {
  /** How the experts of a task are mixed for a tag. */
  public enum Gate {
    /** By the gate weights. */
    SOFT,
    /** The expert of the largest gate weight alone; of equal ones, the first. */
    HARD
  }

  /** What a tag's score is. */
  public enum TagScore {
    /** {@link #ITEMS} for a model with item fields beside the tags, else {@link #TAG}. */
    AUTO,
    /** The mean over the items that carry the tag. */
    ITEMS,
    /** That of an item with the tag and nothing else. */
    TAG
  }

  /** What the items of a tag weigh. */
  public enum TagWeights {
    /** As many as their rows of the task in training. */
    EXPOSURE,
    /** The same. */
    EQUAL
  }

  private final int top;
  private final double minProbability;
  private final String interests;
  private final String intentions;
  private final Gate gate;
  private final TagScore tagScore;
  private final TagWeights tagWeights;
  private final int keepVersions;
  private final double minRowShare;
  private final int proofUsers;
  private final int files;
  private final boolean incremental;
  private final int lockMinutes;
  private final TagSelectionSettings tags;
  private final AnnSettings ann;
  private final JdbcSettings jdbc;
  private final String catalog;

  private ExportSettings(SettingsReader reader) {
    this.top = reader.integer("top", 1, 10_000);
    this.minProbability = reader.number("min-probability", 0.0, 1.0);
    this.interests = reader.text("interests").trim();
    this.intentions = reader.text("intentions").trim();
    this.gate = reader.choice("gate", Gate.class);
    this.tagScore = reader.choice("tag-score", TagScore.class);
    this.tagWeights = reader.choice("tag-weights", TagWeights.class);
    this.keepVersions = reader.integer("keep-versions", 1, 1000);
    this.minRowShare = reader.number("min-row-share", 0.0, 1.0);
    this.proofUsers = reader.integer("proof-users", 1, 100_000);
    this.files = reader.integer("files", 0, 10_000);
    this.incremental = reader.onOff("incremental");
    this.lockMinutes = reader.integer("lock-minutes", 1, 1440);
    this.tags = new TagSelectionSettings(reader.at("tags"));
    this.ann = new AnnSettings(reader.at("ann"));
    this.jdbc = new JdbcSettings(reader.at("jdbc"));
    this.catalog = reader.text("catalog").trim();
    if (!catalog.matches("[A-Za-z0-9_]*")) {
      reader.fault(
          "catalog", catalog, "a database of the session catalog, in letters, digits and _");
    }
    if (interests.isEmpty() && intentions.isEmpty()) {
      reader.fault("interests", "\"\"", "a task, when intentions is empty too");
    }
  }

  static ExportSettings read(SettingsReader reader) {
    return new ExportSettings(reader);
  }

  /** Tags per user and task, 1 to 10000. */
  public int top() {
    return top;
  }

  /** Tags below this probability are left out; 0 to 1. */
  public double minProbability() {
    return minProbability;
  }

  /** Task behind the column {@code interests}; empty for none. */
  public String interests() {
    return interests;
  }

  /** Task behind the column {@code intentions}; empty for none. */
  public String intentions() {
    return intentions;
  }

  /** How the experts are mixed. */
  public Gate gate() {
    return gate;
  }

  /** What a tag's score is. */
  public TagScore tagScore() {
    return tagScore;
  }

  /** What the items of a tag weigh in its score. */
  public TagWeights tagWeights() {
    return tagWeights;
  }

  /** Published versions that are kept, 1 to 1000. */
  public int keepVersions() {
    return keepVersions;
  }

  /** Least share of the rows of the version before, 0 to 1. */
  public double minRowShare() {
    return minRowShare;
  }

  /** Users on which the offline identity is proven, 1 to 100000. */
  public int proofUsers() {
    return proofUsers;
  }

  /** Files of each user table; 0 takes one for each 250,000 users. */
  public int files() {
    return files;
  }

  /** Whether users whose encoded fields are the same as before are carried over. */
  public boolean incremental() {
    return incremental;
  }

  /** Minutes without renewal after which a publisher's lock is taken over, 1 to 1440. */
  public int lockMinutes() {
    return lockMinutes;
  }

  /** Which tags a profile may name. */
  public TagSelectionSettings tags() {
    return tags;
  }

  /** Vectors and index for nearest-neighbour search. */
  public AnnSettings ann() {
    return ann;
  }

  /** The serving database. */
  public JdbcSettings jdbc() {
    return jdbc;
  }

  /**
   * Database of the session catalog in which a view of every published table is kept; empty for
   * none.
   */
  public String catalog() {
    return catalog;
  }
}
