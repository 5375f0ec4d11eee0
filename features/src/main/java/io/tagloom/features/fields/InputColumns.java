package io.tagloom.features.fields;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import io.tagloom.conf.FieldKind;
import io.tagloom.conf.FieldSettings;
import io.tagloom.conf.InputException;
import io.tagloom.conf.Side;
import io.tagloom.features.logs.Casts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * Where a field's values are in a table, and the column expressions that bring them to one of three
 * forms: text, list of texts with or without a list of double weights, double.
 *
 * <p>A column of a user field is looked for in the struct {@code user} that {@link JoinSnapshots}
 * adds, then at the top; of an item field in {@code item}, then at the top.
 */
final class InputColumns {
  private final StructType schema;
  private final String listSeparator;

  InputColumns(StructType schema, String listSeparator) {
    this.schema = schema;
    this.listSeparator = listSeparator;
  }

  /**
   * The one or two (values, weights) expressions of a field.
   *
   * @throws InputException if a column is missing or of a type that the kind cannot read
   */
  List<Column> of(FieldSettings field) {
    Found values = find(field, field.column());
    if (field.kind() == FieldKind.BUCKETED) {
      return Arrays.asList(number(field, values));
    }
    if (!isList(field)) {
      return Arrays.asList(text(field, values));
    }
    Column list = texts(field, values);
    String weights = weightsColumn(field);
    return weights.isEmpty()
        ? Arrays.asList(list)
        : Arrays.asList(list, numbers(field, find(field, weights)));
  }

  /** Whether rows may have several ids: by kind, for a hashed field by its column's type. */
  boolean isList(FieldSettings field) {
    return field.kind() == FieldKind.HASHED
        ? find(field, field.column()).type instanceof ArrayType
        : field.kind() != FieldKind.CATEGORICAL && field.kind() != FieldKind.BUCKETED;
  }

  static String weightsColumn(FieldSettings field) {
    return field.kind().isHistory() ? field.name() + "_weights" : field.weightsColumn();
  }

  private Found find(FieldSettings field, String column) {
    String struct = field.side() == Side.CONTEXT ? "" : name(field.side());
    if (!struct.isEmpty() && has(schema, struct)) {
      DataType type = schema.apply(struct).dataType();
      if (type instanceof StructType && has((StructType) type, column)) {
        return new Found(
            Casts.quoted(struct, column), ((StructType) type).apply(column).dataType());
      }
    }
    if (has(schema, column)) {
      return new Found(Casts.quoted(column), schema.apply(column).dataType());
    }
    String where =
        struct.isEmpty() ? "" : " Join " + struct + "s first (JoinSnapshots), or correct";
    throw new InputException(
        "Cannot encode field "
            + field.name()
            + ": column "
            + column
            + " is not in "
            + Arrays.asList(schema.fieldNames())
            + "."
            + (struct.isEmpty() ? " Correct" : where)
            + " the field's column.");
  }

  private static boolean has(StructType schema, String column) {
    return Arrays.asList(schema.fieldNames()).contains(column);
  }

  private static String name(Side side) {
    return side.name().toLowerCase(Locale.ROOT);
  }

  private Column text(FieldSettings field, Found found) {
    if (!isScalar(found.type)) {
      throw wrongType(field, found, "text, number, boolean, date or timestamp");
    }
    boolean real =
        found.type.equals(DataTypes.DoubleType) || found.type.equals(DataTypes.FloatType);
    Column text = Casts.text(found.column, found.type);
    return real ? when(isnan(expr(found.column)), lit(null)).otherwise(text) : text;
  }

  private Column texts(FieldSettings field, Found found) {
    if (found.type instanceof StringType) {
      return expr(parts(found));
    }
    if (!(found.type instanceof ArrayType) || !isScalar(((ArrayType) found.type).elementType())) {
      throw wrongType(field, found, "array of text or numbers, or text with a separator");
    }
    return Casts.texts(found.column, (ArrayType) found.type);
  }

  private Column numbers(FieldSettings field, Found found) {
    if (found.type instanceof StringType) {
      return Casts.reals(parts(found));
    }
    if (!(found.type instanceof ArrayType)
        || !Casts.isNumberOrText(((ArrayType) found.type).elementType())) {
      throw wrongType(field, found, "array of numbers, or text with a separator");
    }
    return Casts.reals(found.column);
  }

  private String parts(Found found) {
    return "split(" + found.column + ", " + Casts.literal(Pattern.quote(listSeparator)) + ")";
  }

  /** Null is no value; NaN stands for a text that is no number. */
  private Column number(FieldSettings field, Found found) {
    if (found.type instanceof StringType) {
      Column column = expr(found.column);
      Column parsed = coalesce(Casts.real(found.column), lit(Double.NaN));
      return when(trim(column).equalTo("").or(column.isNull()), lit(null)).otherwise(parsed);
    }
    if (Casts.isTime(found.type)) {
      return Casts.exactMillis(found.column, found.type);
    }
    if (!(found.type instanceof NumericType) && !(found.type instanceof BooleanType)) {
      throw wrongType(field, found, "number, boolean, date, timestamp, or text that holds numbers");
    }
    Column number = expr(found.column).cast(DataTypes.DoubleType);
    return when(isnan(number), lit(null)).otherwise(number);
  }

  private static boolean isScalar(DataType type) {
    return Casts.isNumberOrText(type) || type instanceof BooleanType || Casts.isTime(type);
  }

  private static InputException wrongType(FieldSettings field, Found found, String expected) {
    return new InputException(
        "Cannot encode field "
            + field.name()
            + " of kind "
            + name(field.kind())
            + ": column "
            + found.column.replace("`", "")
            + " is "
            + found.type.simpleString()
            + ", expected "
            + expected
            + ". Change the field's kind or column.");
  }

  private static String name(FieldKind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The columns that the fields of a side read from a snapshot, each once. */
  static List<String> snapshotColumns(List<FieldSettings> fields, Side side) {
    List<String> columns = new ArrayList<>();
    for (FieldSettings field : fields) {
      if (field.side() == side && !field.kind().isHistory()) {
        for (String column : Arrays.asList(field.column(), field.weightsColumn())) {
          if (!column.isEmpty() && !columns.contains(column)) {
            columns.add(column);
          }
        }
      }
    }
    return columns;
  }

  /** A column as SQL text and its type. */
  private static final class Found {
    private final String column;
    private final DataType type;

    Found(String column, DataType type) {
      this.column = column;
      this.type = type;
    }
  }
}
