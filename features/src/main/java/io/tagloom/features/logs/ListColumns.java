package io.tagloom.features.logs;

import static org.apache.spark.sql.functions.expr;

import io.tagloom.conf.InputSettings;
import io.tagloom.conf.InputSettings.ListFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Columns that hold several values, each perhaps with a weight, brought to arrays: texts with a
 * separator between or as JSON, arrays, arrays of objects with a text and a weight, maps of
 * weights. A value without a weight weighs 1; values that are null or blank are left out of JSON,
 * objects and maps.
 */
final class ListColumns {
  private static final List<String> VALUE_NAMES =
      Arrays.asList("tag", "name", "label", "key", "value");

  private static final List<String> WEIGHT_NAMES =
      Arrays.asList("weight", "score", "count", "value");

  private final String separator;
  private final ListFormat format;

  ListColumns(InputSettings input) {
    this.separator = Casts.literal(Pattern.quote(input.listSeparator()));
    this.format = input.listFormat();
  }

  /** The name of the column of a list's weights. */
  static String weights(String name) {
    return name + "_weights";
  }

  /** Whether values of a type come with weights. */
  boolean weighs(DataType type) {
    return type instanceof StringType ? format == ListFormat.JSON : hasEntries(type);
  }

  /** Whether a type is a map of weights, or an array of objects with a text and a weight. */
  boolean hasEntries(DataType type) {
    return !entries(type, "").isEmpty();
  }

  /** Whether a type is a list, or a text that may be one. */
  boolean isList(DataType type) {
    return type instanceof StringType
        || weighs(type)
        || type instanceof ArrayType && isScalar(((ArrayType) type).elementType());
  }

  /** The values of a column of a type that is a list. */
  Column texts(String column, DataType type) {
    if (type instanceof StringType) {
      String split = "split(" + column + ", " + separator + ")";
      String json = "transform(" + jsonEntries(column) + ", p -> p.v)";
      return expr("CASE WHEN " + isJson(column) + " THEN " + json + " ELSE " + split + " END");
    }
    return weighs(type)
        ? expr("transform(" + entries(type, column) + ", p -> p.v)")
        : Casts.texts(column, (ArrayType) type);
  }

  /** The weights of the values of {@link #texts}. */
  Column weights(String column, DataType type) {
    String entries = type instanceof StringType ? jsonEntries(column) : entries(type, column);
    return expr("transform(" + entries + ", p -> p.w)");
  }

  /** Whether a text looks like a list and is none, or should be JSON and is not; never null. */
  Column isUnreadable(String column) {
    if (format == ListFormat.SEPARATED) {
      return expr("false");
    }
    String text = "trim(" + column + ")";
    String array = "from_json(" + text + ", 'array<string>')";
    String odd =
        "exists("
            + array
            + ", e -> e LIKE '[%' OR e LIKE '{%' AND "
            + objectValue("e")
            + " IS NULL)";
    String map = "from_json(" + text + ", 'map<string,string>')";
    String noNumber =
        "exists(map_values(" + map + "), e -> e IS NOT NULL AND try_cast(e AS double) IS NULL)";
    String other =
        format == ListFormat.JSON
            ? text + " <> ''"
            : text + " LIKE '[%]' OR " + text + " LIKE '{%}'";
    return expr(
        "coalesce(CASE WHEN "
            + text
            + " LIKE '[%' AND "
            + array
            + " IS NOT NULL THEN "
            + odd
            + " WHEN "
            + text
            + " LIKE '{%' AND "
            + map
            + " IS NOT NULL THEN "
            + noNumber
            + " ELSE "
            + other
            + " END, false)");
  }

  private String isJson(String column) {
    String text = "trim(" + column + ")";
    switch (format) {
      case SEPARATED:
        return "false";
      case JSON:
        return "true";
      default:
        return "(" + text + " LIKE '[%]' OR " + text + " LIKE '{%}')";
    }
  }

  private static String jsonEntries(String column) {
    String text = "trim(" + column + ")";
    String array = "from_json(" + text + ", 'array<string>')";
    String map = "from_json(" + text + ", 'map<string,string>')";
    String element =
        "CASE WHEN e LIKE '{%' THEN "
            + entry(objectValue("e"), objectWeight("e"))
            + " ELSE "
            + entry("e", "1D")
            + " END";
    String list = filled("transform(" + array + ", e -> " + element + ")");
    String weighed =
        filled("transform(map_entries(" + map + "), e -> " + entry("e.key", "e.value") + ")");
    return "CASE WHEN " + text + " LIKE '{%' THEN " + weighed + " ELSE " + list + " END";
  }

  private static String objectValue(String object) {
    return firstOf(object, VALUE_NAMES);
  }

  private static String objectWeight(String object) {
    return firstOf(object, WEIGHT_NAMES);
  }

  private static String firstOf(String object, List<String> names) {
    List<String> values = new ArrayList<>();
    for (String name : names) {
      values.add("get_json_object(" + object + ", '$." + name + "')");
    }
    return "coalesce(" + String.join(", ", values) + ")";
  }

  /** The entries of an array of objects, or of a map, as SQL; empty for another type. */
  private static String entries(DataType type, String column) {
    if (type instanceof MapType) {
      MapType map = (MapType) type;
      return isScalar(map.keyType()) && map.valueType() instanceof NumericType
          ? filled("transform(map_entries(" + column + "), e -> " + entry("e.key", "e.value") + ")")
          : "";
    }
    boolean objects =
        type instanceof ArrayType && ((ArrayType) type).elementType() instanceof StructType;
    if (!objects) {
      return "";
    }
    StructType object = (StructType) ((ArrayType) type).elementType();
    String value = field(object, VALUE_NAMES, StringType.class);
    String weight = field(object, WEIGHT_NAMES, NumericType.class);
    if (value.isEmpty() || weight.isEmpty() && object.length() > 1) {
      return "";
    }
    String own = "e." + Casts.quoted(value);
    String weighs = weight.isEmpty() ? "1D" : "e." + Casts.quoted(weight);
    return filled("transform(" + column + ", e -> " + entry(own, weighs) + ")");
  }

  /** The one field of a type, or the first with one of some names; empty when there is none. */
  private static String field(
      StructType object, List<String> names, Class<? extends DataType> type) {
    List<String> found = new ArrayList<>();
    for (StructField field : object.fields()) {
      if (type.isInstance(field.dataType())) {
        found.add(field.name());
      }
    }
    if (found.size() == 1) {
      return found.get(0);
    }
    return names.stream().filter(found::contains).findFirst().orElse("");
  }

  private static boolean isScalar(DataType type) {
    return Casts.isNumberOrText(type) || Casts.isTime(type);
  }

  private static String entry(String value, String weight) {
    return "named_struct('v', trim(cast("
        + value
        + " AS string)), 'w', coalesce(try_cast("
        + weight
        + " AS double), 1D))";
  }

  private static String filled(String entries) {
    return "filter(" + entries + ", p -> p.v <> '')";
  }
}
