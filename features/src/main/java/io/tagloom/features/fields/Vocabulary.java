package io.tagloom.features.fields;

import io.tagloom.conf.FieldKind;
import io.tagloom.conf.Fingerprint;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.spark.unsafe.hash.Murmur3_x86_32;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The ids of one field and what they mean. Immutable.
 *
 * <p>Id 0 is padding, 1 the unknown value. From 2 on: values by falling frequency at the first fit,
 * ties by their UTF-8 bytes; later fits append and never renumber. A bucketed field has one id per
 * bucket, a hashed one an id per hash value.
 *
 * <p>Values unseen for long may be evicted: their ids are listed in {@link #resetIds()}, map to no
 * value, and are given to new values only after {@link #confirmReset()}, which says that the model
 * has set their embeddings back to a fresh start.
 */
public final class Vocabulary implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Id of no value. */
  public static final int PADDING = 0;

  /** Id of a value that the vocabulary does not hold. */
  public static final int UNKNOWN = 1;

  /** First id of a value. */
  public static final int FIRST = 2;

  /** The seed of MLlib's HashingTF and FeatureHasher. */
  private static final int MLLIB_SEED = 42;

  /** What an id stands for at the moment. */
  enum State {
    LIVE,
    /** Evicted; the model may still hold the old embedding. */
    EVICTED,
    /** Evicted and reset: the next new value may have it. */
    FREE
  }

  /**
   * An id's entry: its value, rows it was seen in at the last fit, and the last day it was seen.
   */
  static final class Entry implements Serializable {
    private static final long serialVersionUID = 1L;
    final String value;
    final State state;
    final long count;
    final int lastSeenDay;

    Entry(String value, State state, long count, int lastSeenDay) {
      this.value = value;
      this.state = state;
      this.count = count;
      this.lastSeenDay = lastSeenDay;
    }
  }

  private final String field;
  private final FieldKind kind;
  private final int size;
  private final double[] edges;
  private final ValueTable table;
  private final State[] states;
  private final long[] counts;
  private final int[] lastSeenDays;
  private final String fingerprint;

  private Vocabulary(String field, FieldKind kind, int size, double[] edges, List<Entry> entries) {
    this.field = field;
    this.kind = kind;
    this.size = size;
    this.edges = edges;
    this.states = new State[entries.size()];
    this.counts = new long[entries.size()];
    this.lastSeenDays = new int[entries.size()];
    List<UTF8String> values = new ArrayList<>(entries.size());
    for (int i = 0; i < states.length; i++) {
      Entry entry = entries.get(i);
      states[i] = entry.state;
      counts[i] = entry.count;
      lastSeenDays[i] = entry.lastSeenDay;
      values.add(entry.state == State.LIVE ? UTF8String.fromString(entry.value) : null);
    }
    this.table = new ValueTable(values);
    this.fingerprint = computeFingerprint();
  }

  /** A vocabulary of values; entry i has id i + 2. */
  static Vocabulary ofValues(String field, FieldKind kind, List<Entry> entries) {
    return new Vocabulary(field, kind, FIRST + entries.size(), new double[0], entries);
  }

  /** The buckets between ascending edges; {@code counts} has one number per bucket. */
  static Vocabulary ofEdges(String field, double[] edges, long[] counts) {
    List<Entry> entries = new ArrayList<>();
    for (int bucket = 0; bucket <= edges.length; bucket++) {
      String low = bucket == 0 ? "(-Infinity" : "[" + edges[bucket - 1];
      String high = bucket == edges.length ? "Infinity)" : edges[bucket] + ")";
      entries.add(new Entry(low + ", " + high, State.LIVE, counts[bucket], 0));
    }
    return new Vocabulary(
        field, FieldKind.BUCKETED, FIRST + entries.size(), edges.clone(), entries);
  }

  /** The ids of a hashed field. */
  static Vocabulary ofHash(String field, int hashSize) {
    return new Vocabulary(
        field, FieldKind.HASHED, FIRST + hashSize, new double[0], Collections.<Entry>emptyList());
  }

  /** The field's name. */
  public String field() {
    return field;
  }

  /** The field's kind. */
  public FieldKind kind() {
    return kind;
  }

  /** Number of ids, padding and unknown included: the rows of an embedding table. */
  public int size() {
    return size;
  }

  /**
   * The value of an id; for a bucket its bounds, such as {@code [18.0, 25.0)}; for a hash value
   * {@code #} and its number. Empty for padding, unknown, and ids without a value at the moment.
   *
   * @throws IllegalArgumentException if the id is not from 0 to size() - 1
   */
  public Optional<String> value(int id) {
    if (id < 0 || id >= size) {
      throw new IllegalArgumentException(
          "Invalid id of field " + field + ": " + id + "; expected 0 to " + (size - 1) + ".");
    }
    if (id < FIRST) {
      return Optional.empty();
    }
    if (kind == FieldKind.HASHED) {
      return Optional.of("#" + (id - FIRST));
    }
    return table.has(id - FIRST)
        ? Optional.of(table.at(id - FIRST).toString())
        : Optional.<String>empty();
  }

  /**
   * The id of a value as text: for a bucketed field a number, which is put in its bucket.
   *
   * @return 0 for an empty text, 1 for a value that is not known
   */
  public int id(String value) {
    UTF8String text = UTF8String.fromString(value);
    if (kind == FieldKind.BUCKETED) {
      try {
        return value.trim().isEmpty() ? PADDING : bucketId(Double.parseDouble(value.trim()));
      } catch (NumberFormatException e) {
        return UNKNOWN;
      }
    }
    return kind == FieldKind.HASHED ? hashId(text) : valueId(text);
  }

  /** Ids whose embeddings the model must set back before training goes on. */
  public int[] resetIds() {
    return idsIn(State.EVICTED);
  }

  /** This vocabulary after the model has reset {@link #resetIds()}, which may now be used again. */
  public Vocabulary confirmReset() {
    if (resetIds().length == 0) {
      return this;
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < states.length; i++) {
      Entry entry = entry(i + FIRST);
      entries.add(entry.state == State.EVICTED ? new Entry("", State.FREE, 0, 0) : entry);
    }
    return new Vocabulary(field, kind, size, edges, entries);
  }

  /**
   * SHA-256 over field, kind and what each id stands for, 64 hexadecimal digits. Equal when and
   * only when every id means the same.
   */
  public String fingerprint() {
    return fingerprint;
  }

  /**
   * Whether a model trained on an earlier vocabulary can go on with this one: the same kind, and
   * every earlier id means the same value here or is listed to be reset.
   */
  public boolean extendsFrom(Vocabulary earlier) {
    if (kind != earlier.kind || size < earlier.size || !Arrays.equals(edges, earlier.edges)) {
      return false;
    }
    if (kind == FieldKind.HASHED) {
      return size == earlier.size;
    }
    for (int id = FIRST; id < earlier.size; id++) {
      boolean was = earlier.states[id - FIRST] == State.LIVE;
      boolean is = states[id - FIRST] == State.LIVE;
      if (was && is && !table.at(id - FIRST).equals(earlier.table.at(id - FIRST))
          || was && !is && states[id - FIRST] == State.FREE) {
        return false;
      }
    }
    return true;
  }

  /** Rows an id was seen in when last fitted; for buckets estimated on a sample. */
  public long count(int id) {
    return id < FIRST || id - FIRST >= counts.length ? 0 : counts[id - FIRST];
  }

  double[] edges() {
    return edges;
  }

  int[] idsIn(State state) {
    int[] ids = new int[states.length];
    int found = 0;
    for (int i = 0; i < states.length; i++) {
      if (states[i] == state) {
        ids[found++] = i + FIRST;
      }
    }
    return Arrays.copyOf(ids, found);
  }

  Entry entry(int id) {
    int i = id - FIRST;
    String value = table.has(i) ? table.at(i).toString() : "";
    return new Entry(value, states[i], counts[i], lastSeenDays[i]);
  }

  int entries() {
    return states.length;
  }

  /** Id of a text in a field with values. */
  int valueId(UTF8String value) {
    if (value.numBytes() == 0) {
      return PADDING;
    }
    int position = table.find(value);
    return position < 0 ? UNKNOWN : position + FIRST;
  }

  /** Id of a text in a hashed field: the non-negative remainder of MLlib's murmur3 of its bytes. */
  int hashId(UTF8String value) {
    if (value.numBytes() == 0) {
      return PADDING;
    }
    int hash =
        Murmur3_x86_32.hashUnsafeBytes(
            value.getBaseObject(), value.getBaseOffset(), value.numBytes(), MLLIB_SEED);
    return FIRST + Math.floorMod(hash, size - FIRST);
  }

  /** Id of the bucket of a number: a bucket holds its lower edge. NaN is unknown. */
  int bucketId(double number) {
    if (Double.isNaN(number)) {
      return UNKNOWN;
    }
    int at = Arrays.binarySearch(edges, number == 0.0 ? 0.0 : number);
    return FIRST + (at >= 0 ? at + 1 : -at - 1);
  }

  private String computeFingerprint() {
    Fingerprint sum = new Fingerprint();
    sum.add(field).add(kind.name()).add(size);
    for (double edge : edges) {
      sum.add(Double.doubleToLongBits(edge));
    }
    for (int i = 0; i < states.length; i++) {
      if (states[i] == State.LIVE) {
        sum.add(i + FIRST).add(table.at(i).getBytes());
      }
    }
    return sum.hex();
  }

  @Override
  public String toString() {
    return "vocabulary of " + field + ": " + size + " ids, fingerprint " + fingerprint;
  }
}
