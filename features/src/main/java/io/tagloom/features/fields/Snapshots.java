package io.tagloom.features.fields;

import io.tagloom.conf.FieldKind;
import io.tagloom.conf.FieldSettings;
import io.tagloom.conf.Side;
import io.tagloom.features.logs.Logs;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The users and items of a date, with an empty column for each optional field whose column the
 * snapshot lacks.
 */
final class Snapshots {
  private Snapshots() {}

  static Dataset<Row> users(Logs logs, LocalDate date, List<FieldSettings> fields) {
    return complete(logs.users(date), fields, Side.USER);
  }

  static Dataset<Row> items(Logs logs, LocalDate date, List<FieldSettings> fields) {
    return complete(logs.items(date), fields, Side.ITEM);
  }

  private static Dataset<Row> complete(
      Dataset<Row> snapshot, List<FieldSettings> fields, Side side) {
    Set<String> columns = new HashSet<>(Arrays.asList(snapshot.columns()));
    Dataset<Row> complete = snapshot;
    for (FieldSettings field : fields) {
      if (field.side() == side && field.isOptional() && columns.add(field.column())) {
        String type = field.kind() == FieldKind.BUCKETED ? "double" : "string";
        complete = complete.withColumn(field.column(), functions.lit(null).cast(type));
      }
    }
    return complete;
  }
}
