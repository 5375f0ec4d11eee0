package io.tagloom.features.logs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.tagloom.conf.InputException;
import io.tagloom.conf.TableSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Rows of a table whose files have the same columns of the same types, and where they are. A table
 * whose columns have changed over its days has several parts.
 */
final class TablePart {
  private final Dataset<Row> rows;
  private final String place;

  /**
   * @param place a file of the part, for a person
   */
  TablePart(Dataset<Row> rows, String place) {
    this.rows = Objects.requireNonNull(rows);
    this.place = Objects.requireNonNull(place);
  }

  Dataset<Row> rows() {
    return rows;
  }

  String place() {
    return place;
  }

  /** The same place with other rows. */
  TablePart with(Dataset<Row> other) {
    return new TablePart(other, place);
  }

  /** The columns of all parts, each with its type in the first part that has it. */
  static StructType schema(List<TablePart> parts) {
    Map<String, StructField> fields = new LinkedHashMap<>();
    for (TablePart part : parts) {
      for (StructField field : part.rows.schema().fields()) {
        fields.putIfAbsent(field.name().toLowerCase(Locale.ROOT), field);
      }
    }
    return DataTypes.createStructType(new ArrayList<>(fields.values()));
  }

  /**
   * All rows with the columns of all parts, null where a part lacks one, in the type that holds the
   * values of all.
   *
   * @throws InputException when a column has types of which none holds the values of the other
   */
  static Dataset<Row> union(TableSettings table, List<TablePart> parts) {
    return union(table, parts, name -> name);
  }

  /**
   * As {@link #union(TableSettings, List)}.
   *
   * @param shown what a person knows a column by
   */
  static Dataset<Row> union(
      TableSettings table, List<TablePart> parts, UnaryOperator<String> shown) {
    if (parts.size() == 1) {
      return parts.get(0).rows;
    }
    List<StructField> fields = new ArrayList<>();
    for (StructField field : schema(parts).fields()) {
      DataType type = field.dataType();
      String place = "";
      for (TablePart part : parts) {
        Optional<StructField> other = part.field(field.name());
        if (other.isPresent()) {
          DataType both = type;
          String before = place;
          type =
              common(type, other.get().dataType())
                  .orElseThrow(
                      () ->
                          differ(
                              table,
                              shown.apply(field.name()),
                              both,
                              before,
                              other.get().dataType(),
                              part));
          place = part.place;
        }
      }
      fields.add(DataTypes.createStructField(field.name(), type, true));
    }
    Dataset<Row> all = null;
    for (TablePart part : parts) {
      Column[] columns = fields.stream().map(part::cast).toArray(Column[]::new);
      Dataset<Row> rows = part.rows.select(columns);
      all = all == null ? rows : all.union(rows);
    }
    return all;
  }

  /** A line each on columns of ours that some files have and others do not. */
  static List<String> lacking(
      List<TablePart> parts, TableSettings table, Collection<String> wanted) {
    List<String> lines = new ArrayList<>();
    for (String column : wanted) {
      String own = table.column(column);
      List<TablePart> without = new ArrayList<>(parts);
      without.removeIf(part -> part.field(own).isPresent());
      if (!without.isEmpty() && without.size() < parts.size()) {
        lines.add("column " + own + " is missing in files such as " + without.get(0).place);
      }
    }
    return lines;
  }

  private Optional<StructField> field(String name) {
    for (StructField field : rows.schema().fields()) {
      if (field.name().equalsIgnoreCase(name)) {
        return Optional.of(field);
      }
    }
    return Optional.empty();
  }

  private Column cast(StructField target) {
    Optional<StructField> own = field(target.name());
    if (!own.isPresent()) {
      return lit(null).cast(target.dataType()).as(target.name());
    }
    Column column = col("`" + own.get().name().replace("`", "``") + "`");
    return own.get().dataType().equals(target.dataType())
        ? column.as(target.name())
        : column.cast(target.dataType()).as(target.name());
  }

  private static InputException differ(
      TableSettings table,
      String column,
      DataType type,
      String place,
      DataType other,
      TablePart part) {
    return new InputException(
        TableFiles.cannotRead(table)
            + "column "
            + column
            + " is "
            + type.simpleString()
            + " in "
            + place
            + " and "
            + other.simpleString()
            + " in "
            + part.place
            + ", and neither holds the values of the other. Write the files of one of them anew, or"
            + " leave the column out.");
  }

  /** The type that holds the values of two; nothing where values would be lost or change. */
  static Optional<DataType> common(DataType one, DataType other) {
    if (one.equals(other) || other.equals(DataTypes.NullType)) {
      return Optional.of(one);
    }
    if (one.equals(DataTypes.NullType)) {
      return Optional.of(other);
    }
    if (one instanceof ArrayType && other instanceof ArrayType) {
      return common(((ArrayType) one).elementType(), ((ArrayType) other).elementType())
          .map(DataTypes::createArrayType);
    }
    if (one instanceof NumericType && other instanceof NumericType) {
      return number(one, other);
    }
    return Optional.ofNullable(widened(one, other))
        .map(Optional::of)
        .orElse(Optional.ofNullable(widened(other, one)));
  }

  private static DataType widened(DataType from, DataType to) {
    boolean exactText =
        from instanceof IntegralType
            || from.equals(DataTypes.BooleanType)
            || from.equals(DataTypes.DateType);
    if (to.equals(DataTypes.StringType) && exactText) {
      return to;
    }
    boolean midnight = to.equals(DataTypes.TimestampType) && from.equals(DataTypes.DateType);
    return midnight ? to : null;
  }

  private static Optional<DataType> number(DataType one, DataType other) {
    if (one instanceof IntegralType && other instanceof IntegralType) {
      return Optional.of(one.defaultSize() < other.defaultSize() ? other : one);
    }
    if (one instanceof DecimalType && other instanceof DecimalType) {
      DecimalType a = (DecimalType) one;
      DecimalType b = (DecimalType) other;
      int scale = Math.max(a.scale(), b.scale());
      int digits = scale + Math.max(a.precision() - a.scale(), b.precision() - b.scale());
      return digits > DecimalType.MAX_PRECISION()
          ? Optional.empty()
          : Optional.of(DataTypes.createDecimalType(digits, scale));
    }
    // A column of whole numbers with a null is one of doubles to programs that know no null.
    return one instanceof DecimalType || other instanceof DecimalType
        ? Optional.empty()
        : Optional.of(DataTypes.DoubleType);
  }

  /** One part of all rows. */
  static List<TablePart> only(Dataset<Row> rows, String place) {
    return Collections.singletonList(new TablePart(rows, place));
  }
}
