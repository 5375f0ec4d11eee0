package io.tagloom.export.tables;

import java.util.Arrays;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.api.InitContext;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;

/** Reads user_vectors straight into float arrays. */
final class VectorReadSupport extends ReadSupport<UserVectors> {
  @Override
  public ReadContext init(InitContext context) {
    return new ReadContext(context.getFileSchema());
  }

  @Override
  public RecordMaterializer<UserVectors> prepareForRead(
      Configuration configuration,
      Map<String, String> metadata,
      MessageType fileSchema,
      ReadContext context) {
    return new Materializer();
  }

  private static final class Materializer extends RecordMaterializer<UserVectors> {
    private String user;
    private float[] values = new float[64];
    private int size;
    private int rows;

    private final GroupConverter root =
        group(
            () -> {
              size = 0;
              rows = 0;
            },
            new PrimitiveConverter() {
              @Override
              public void addBinary(Binary value) {
                user = value.toStringUsingUTF8();
              }
            },
            experts());

    private GroupConverter experts() {
      Converter number =
          new PrimitiveConverter() {
            @Override
            public void addFloat(float value) {
              if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
              }
              values[size++] = value;
            }
          };
      GroupConverter row = group(() -> rows++, group(() -> {}, number));
      return group(() -> {}, group(() -> {}, row));
    }

    private static GroupConverter group(Runnable start, Converter... fields) {
      return new GroupConverter() {
        @Override
        public Converter getConverter(int fieldIndex) {
          return fields[fieldIndex];
        }

        @Override
        public void start() {
          start.run();
        }

        @Override
        public void end() {}
      };
    }

    @Override
    public UserVectors getCurrentRecord() {
      return new UserVectors(
          user, rows, rows == 0 ? 0 : size / rows, Arrays.copyOf(values, size), 0);
    }

    @Override
    public GroupConverter getRootConverter() {
      return root;
    }
  }
}
