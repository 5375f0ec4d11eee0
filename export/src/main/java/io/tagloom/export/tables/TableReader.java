package io.tagloom.export.tables;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.api.Binary;

/**
 * Reads files of a table one after another, without Spark.
 *
 * @param <T> type of the records
 */
public final class TableReader<T> implements Closeable {
  private final Configuration configuration;
  private final Deque<Path> files;
  private final Opener<T> opener;
  private Source<T> current;

  private TableReader(Configuration configuration, List<Path> files, Opener<T> opener) {
    this.configuration = configuration;
    this.files = new ArrayDeque<>(files);
    this.opener = opener;
  }

  /** The profiles of some files. */
  public static TableReader<UserProfile> profiles(Configuration configuration, List<Path> files) {
    return new TableReader<>(
        configuration, files, groups(FilterCompat.NOOP, GroupRecords::profile));
  }

  /** The profile of one user, if a file has it. Only row groups that may hold the key are read. */
  public static Optional<UserProfile> profile(
      Configuration configuration, List<Path> files, String user) throws IOException {
    try (TableReader<UserProfile> reader =
        new TableReader<>(
            configuration, files, groups(only("user_id", user), GroupRecords::profile))) {
      return reader.next();
    }
  }

  /** The experts of all users of some files. */
  public static TableReader<UserVectors> vectors(Configuration configuration, List<Path> files) {
    return new TableReader<>(configuration, files, vectors(FilterCompat.NOOP));
  }

  /** The experts of one user, if a file has them. */
  public static Optional<UserVectors> vectors(
      Configuration configuration, List<Path> files, String user) throws IOException {
    try (TableReader<UserVectors> reader =
        new TableReader<>(configuration, files, vectors(only("user_id", user)))) {
      return reader.next();
    }
  }

  /** Gates of tags or items, all tasks. */
  public static TableReader<Gates> gates(Configuration configuration, List<Path> files) {
    return new TableReader<>(configuration, files, groups(FilterCompat.NOOP, GroupRecords::gates));
  }

  /** Any table as the example records of parquet-mr. */
  public static TableReader<Group> groups(Configuration configuration, List<Path> files) {
    return new TableReader<>(configuration, files, groups(FilterCompat.NOOP, group -> group));
  }

  /** One text column of some files; the others are not read. */
  public static TableReader<String> texts(
      Configuration configuration, List<Path> files, String column) {
    Configuration projected = new Configuration(configuration);
    projected.set(
        ReadSupport.PARQUET_READ_SCHEMA, "message keys { required binary " + column + " (UTF8); }");
    return new TableReader<>(
        projected, files, groups(FilterCompat.NOOP, group -> group.getString(0, 0)));
  }

  /** The next record, or nothing after the last. */
  public Optional<T> next() throws IOException {
    while (true) {
      if (current == null) {
        if (files.isEmpty()) {
          return Optional.empty();
        }
        current = opener.open(configuration, files.removeFirst());
      }
      T record = current.read();
      if (record != null) {
        return Optional.of(record);
      }
      current.close();
      current = null;
    }
  }

  /** The records that are left, at most {@code limit}. */
  public List<T> take(int limit) throws IOException {
    List<T> records = new ArrayList<>();
    while (records.size() < limit) {
      Optional<T> record = next();
      if (!record.isPresent()) {
        break;
      }
      records.add(record.get());
    }
    return records;
  }

  @Override
  public void close() throws IOException {
    if (current != null) {
      current.close();
    }
  }

  private static FilterCompat.Filter only(String column, String key) {
    return FilterCompat.get(FilterApi.eq(FilterApi.binaryColumn(column), Binary.fromString(key)));
  }

  private static <T> Opener<T> groups(FilterCompat.Filter filter, Function<Group, T> convert) {
    return (configuration, file) -> {
      ParquetReader<Group> reader =
          ParquetReader.builder(new GroupReadSupport(), file)
              .withConf(configuration)
              .withFilter(filter)
              .build();
      return new Source<>(
          reader,
          () -> {
            Group group = reader.read();
            return group == null ? null : convert.apply(group);
          });
    };
  }

  private static Opener<UserVectors> vectors(FilterCompat.Filter filter) {
    return (configuration, file) -> {
      ParquetReader<UserVectors> reader =
          ParquetReader.builder(new VectorReadSupport(), file)
              .withConf(configuration)
              .withFilter(filter)
              .build();
      return new Source<>(reader, reader::read);
    };
  }

  private interface Opener<T> {
    Source<T> open(Configuration configuration, Path file) throws IOException;
  }

  private interface Next<T> {
    T read() throws IOException;
  }

  private static final class Source<T> implements Closeable {
    private final Closeable file;
    private final Next<T> next;

    Source(Closeable file, Next<T> next) {
      this.file = file;
      this.next = next;
    }

    T read() throws IOException {
      return next.read();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
