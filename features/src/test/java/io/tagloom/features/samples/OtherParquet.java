package io.tagloom.features.samples;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** A Parquet file as programs other than Spark write it: without Spark's own metadata. */
final class OtherParquet {
  private OtherParquet() {}

  /**
   * Writes a file.
   *
   * @param columns as Parquet's own text, such as {@code required int64 ts (TIMESTAMP(NANOS,true))}
   * @param rows values in the order of the columns: texts, longs or ints; null leaves one out
   */
  static void write(String file, String columns, Object[]... rows) {
    MessageType schema = MessageTypeParser.parseMessageType("message log { " + columns + " }");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new Path(file)).withType(schema).build()) {
      for (Object[] row : rows) {
        Group group = new SimpleGroup(schema);
        for (int i = 0; i < row.length; i++) {
          if (row[i] instanceof Long) {
            group.add(i, (Long) row[i]);
          } else if (row[i] instanceof Integer) {
            group.add(i, (Integer) row[i]);
          } else if (row[i] != null) {
            group.add(i, (String) row[i]);
          }
        }
        writer.write(group);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
