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
import java.util.stream.Collectors;
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
    return complete(logs.users(date, lists(fields, Side.USER)), fields, Side.USER);
  }

  static Dataset<Row> items(Logs logs, LocalDate date, List<FieldSettings> fields) {
    return complete(logs.items(date, lists(fields, Side.ITEM)), fields, Side.ITEM);
  }

  /** The columns that fields without weights of their own read several values from. */
  private static List<String> lists(List<FieldSettings> fields, Side side) {
    return fields.stream()
        .filter(field -> field.side() == side)
        .filter(
            field ->
                field.kind() == FieldKind.MULTI_VALUED
                    || field.kind() == FieldKind.MULTI_VALUED_WEIGHTED)
        .map(FieldSettings::column)
        .collect(Collectors.toList());
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
