package io.tagloom.export.tables;

import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.RecordConsumer;

/**
 * Writes one Parquet file of a table. The file has a hidden name until {@link #commit()}, so that a
 * failed or repeated task leaves nothing that a reader would see.
 *
 * @param <T> type of the records
 */
public final class TableWriter<T> implements Closeable {
  /** Small row groups: files are sorted by key, so that a look-up reads one group. */
  private static final long ROW_GROUP_BYTES = 16 << 20;

  private static final int PAGE_BYTES = 256 << 10;

  private final Configuration configuration;
  private final Path hidden;
  private final Path target;
  private final ParquetWriter<T> writer;
  private long rows;
  private boolean committed;

  private TableWriter(
      Configuration configuration, Path hidden, Path target, ParquetWriter<T> writer) {
    this.configuration = configuration;
    this.hidden = hidden;
    this.target = target;
    this.writer = writer;
  }

  /** A writer of user_tag_profile or cold_profile. */
  public static TableWriter<UserProfile> profiles(TablePart part) throws IOException {
    return open(part, Shapes::profile, true);
  }

  /** A writer of user_vectors. */
  public static TableWriter<UserVectors> vectors(TablePart part) throws IOException {
    return open(part, Shapes::vectors, false);
  }

  /** A writer of tag_gates or item_gates. */
  public static TableWriter<Gates> gates(TablePart part) throws IOException {
    String key = part.kind().schema().getFieldName(0);
    return open(part, (gates, columns) -> Shapes.gates(key, gates, columns), false);
  }

  /** A writer of join_health or evaluation. */
  public static TableWriter<Map.Entry<String, Double>> numbers(TablePart part, String date)
      throws IOException {
    return open(part, (entry, columns) -> Shapes.number(date, entry, columns), true);
  }

  /** A writer of the manifest table. */
  public static TableWriter<Map.Entry<String, String>> texts(TablePart part) throws IOException {
    return open(part, Shapes::text, true);
  }

  /** A writer of user_inputs. */
  public static TableWriter<Map.Entry<String, Long>> fingerprints(TablePart part)
      throws IOException {
    return open(part, Shapes::fingerprint, false);
  }

  private static <T> TableWriter<T> open(TablePart part, RecordShape<T> shape, boolean dictionary)
      throws IOException {
    Path target = part.target();
    Path hidden = new Path(target.getParent(), "." + target.getName() + "." + part.attempt());
    ParquetWriter<T> writer =
        new Builder<T>(hidden, part, shape)
            .withConf(part.configuration())
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .withRowGroupSize(ROW_GROUP_BYTES)
            .withPageSize(PAGE_BYTES)
            .withDictionaryEncoding(dictionary)
            .build();
    return new TableWriter<>(part.configuration(), hidden, target, writer);
  }

  /** Writes a record. */
  public void write(T record) throws IOException {
    writer.write(record);
    rows++;
  }

  /** Writes all records of a list. */
  public void writeAll(List<T> records) throws IOException {
    for (T record : records) {
      write(record);
    }
  }

  /** Ends the file and gives it its name, in the place of one of that name. */
  public WrittenFile commit() throws IOException {
    writer.close();
    FileSystem fs = target.getFileSystem(configuration);
    // A task that ran before, and whose result was lost, wrote the same content.
    fs.delete(target, false);
    if (!fs.rename(hidden, target)) {
      throw new IOException("Cannot rename " + hidden + " to " + target + ". Check permissions.");
    }
    committed = true;
    return new WrittenFile(target.getName(), rows);
  }

  /** Removes the file unless it was committed. */
  @Override
  public void close() throws IOException {
    if (!committed) {
      try {
        writer.close();
      } finally {
        hidden.getFileSystem(configuration).delete(hidden, false);
      }
    }
  }

  private static final class Builder<T> extends ParquetWriter.Builder<T, Builder<T>> {
    private final TablePart part;
    private final RecordShape<T> shape;

    Builder(Path file, TablePart part, RecordShape<T> shape) {
      super(file);
      this.part = part;
      this.shape = shape;
    }

    @Override
    protected Builder<T> self() {
      return this;
    }

    @Override
    protected WriteSupport<T> getWriteSupport(Configuration configuration) {
      return new Support<>(part, shape);
    }
  }

  private static final class Support<T> extends WriteSupport<T> {
    private final TablePart part;
    private final RecordShape<T> shape;
    private RecordConsumer consumer;
    private Columns columns;

    Support(TablePart part, RecordShape<T> shape) {
      this.part = part;
      this.shape = shape;
    }

    @Override
    public WriteContext init(Configuration configuration) {
      return new WriteContext(part.kind().schema(), new HashMap<>(part.metadata()));
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
      consumer = recordConsumer;
      columns = new Columns(recordConsumer);
    }

    @Override
    public void write(T record) {
      consumer.startMessage();
      shape.write(record, columns);
      consumer.endMessage();
    }
  }
}
