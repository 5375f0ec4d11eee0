package io.tagloom.features.fields;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.conf.FieldSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;

class HistoryRowsTest {
  private static final StructType SAMPLE = new StructType().add("n", DataTypes.LongType);

  private static final StructType ROW =
      new StructType()
          .add("user", DataTypes.StringType)
          .add("ts", DataTypes.LongType)
          .add("kind", DataTypes.IntegerType)
          .add("event", DataTypes.StringType)
          .add("item", DataTypes.StringType)
          .add("tags", DataTypes.createArrayType(DataTypes.StringType))
          .add("sample", SAMPLE)
          .add("place", DataTypes.LongType);

  private static InternalRow event(String user, long ts, String item, long place) {
    return row(user, ts, HistoryRows.EVENT, item, null, place);
  }

  private static InternalRow sample(String user, long ts, long n, long place) {
    return row(user, ts, HistoryRows.SAMPLE, null, new GenericInternalRow(new Object[] {n}), place);
  }

  private static InternalRow row(
      String user, long ts, int kind, String item, InternalRow sample, long place) {
    Object[] values = {
      UTF8String.fromString(user),
      ts,
      kind,
      UTF8String.fromString("click"),
      item == null ? null : UTF8String.fromString(item),
      null,
      sample,
      place << HistoryRows.TIME_BITS | ts >> 1
    };
    return UnsafeProjection.create(ROW).apply(new GenericInternalRow(values)).copy();
  }

  private static List<String> seen(Iterator<InternalRow> out) {
    List<String> seen = new ArrayList<>();
    while (out.hasNext()) {
      InternalRow row = out.next();
      ArrayData values = row.getArray(1);
      StringBuilder text = new StringBuilder().append(row.getStruct(0, 1).getLong(0)).append(':');
      for (int i = 0; i < values.numElements(); i++) {
        text.append(values.getUTF8String(i));
      }
      seen.add(text.toString());
    }
    return seen;
  }

  @Test
  void usersThatShareAPlaceDoNotSeeEachOther() {
    List<FieldSettings> fields =
        FieldSettings.parse("[{name = h, side = user, kind = history, of = click, last = 3}]");
    Iterator<InternalRow> rows =
        Arrays.asList(
                event("a", 1, "x", 5),
                event("b", 2, "y", 5),
                sample("a", 3, 0, 5),
                sample("b", 3, 1, 5),
                event("a", 4, "z", 5),
                sample("a", 5, 2, 5),
                sample("c", 6, 3, 6),
                sample("a", 7, 4, 7))
            .iterator();

    assertThat(seen(new HistoryRows(fields, SAMPLE).call(rows)))
        .containsExactly("0:x", "1:y", "2:zx", "3:", "4:");
  }

  @Test
  void rowsOfAPlaceAreWalkedInTheOrderOfTheirTimes() {
    List<FieldSettings> fields =
        FieldSettings.parse("[{name = h, side = user, kind = history, of = click, last = 3}]");
    Iterator<InternalRow> rows =
        Arrays.asList(
                sample("a", 7, 1, 5),
                event("a", 6, "z", 5),
                event("a", 6, "x", 5),
                sample("a", 6, 0, 5),
                sample("a", 8, 2, 5))
            .iterator();

    assertThat(seen(new HistoryRows(fields, SAMPLE).call(rows)))
        .containsExactly("0:", "1:zx", "2:zx");
  }
}
