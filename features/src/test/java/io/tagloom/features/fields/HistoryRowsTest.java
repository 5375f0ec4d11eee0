package io.tagloom.features.fields;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.conf.FieldSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;

class HistoryRowsTest {
  private static final StructType SAMPLE = new StructType().add("n", DataTypes.LongType);

  private static InternalRow event(String user, long ts, String item, long place) {
    return row(user, ts, HistoryRows.EVENT, item, null, place);
  }

  private static InternalRow sample(String user, long ts, long n, long place) {
    return row(user, ts, HistoryRows.SAMPLE, null, new GenericInternalRow(new Object[] {n}), place);
  }

  private static InternalRow row(
      String user, long ts, int kind, String item, InternalRow sample, long place) {
    return new GenericInternalRow(
        new Object[] {
          UTF8String.fromString(user),
          ts,
          kind,
          UTF8String.fromString("click"),
          item == null ? null : UTF8String.fromString(item),
          null,
          sample,
          place
        });
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

    List<String> seen = new ArrayList<>();
    Iterator<InternalRow> out = new HistoryRows(fields, SAMPLE).call(rows);
    while (out.hasNext()) {
      InternalRow row = out.next();
      ArrayData values = row.getArray(1);
      StringBuilder text = new StringBuilder().append(row.getLong(0)).append(':');
      for (int i = 0; i < values.numElements(); i++) {
        text.append(values.getUTF8String(i));
      }
      seen.add(text.toString());
    }

    assertThat(seen).containsExactly("0:x", "1:y", "2:zx", "3:", "4:");
  }
}
