package io.tagloom.features.logs;

import io.tagloom.conf.InputException;
import io.tagloom.conf.TableSettings;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * CSV as RFC 4180 has it, where the options of the settings do not say otherwise: quotes inside
 * quotes are doubled, a backslash is a letter as any, line breaks may stand inside quotes.
 */
final class CsvFiles {
  private static final String TEXT = "text_file";

  private CsvFiles() {}

  /** The rows of files of the same columns, each a text. */
  static Dataset<Row> read(DataFrameReader reader, TableSettings table, String... paths) {
    DataFrameReader csv = reader;
    // Without the last one a file whose columns stand in another order is read wrongly.
    for (String[] option :
        new String[][] {
          {"escape", "\""}, {"multiLine", "true"}, {"header", "true"}, {"enforceSchema", "false"}
        }) {
      csv = isSet(table.options(), option[0]) ? csv : csv.option(option[0], option[1]);
    }
    if (!table.names().isEmpty()) {
      return named(csv.option("header", "false").option("enforceSchema", "true"), table, paths);
    }
    List<StructField> fields = new ArrayList<>();
    boolean unnamed = false;
    for (String name : csv.csv(paths).columns()) {
      // Spark calls a column without a name by its place, and then finds another in the header.
      boolean first = fields.isEmpty() && name.equals("_c0") && hasHeader(table);
      unnamed |= first;
      fields.add(text(first ? "" : name));
    }
    Dataset<Row> rows = csv.schema(DataTypes.createStructType(fields)).csv(paths);
    return unnamed ? rows.drop(rows.col("``")) : rows;
  }

  private static Dataset<Row> named(DataFrameReader csv, TableSettings table, String... paths) {
    int found = csv.csv(paths).columns().length;
    if (found != table.names().size()) {
      throw new InputException(
          TableFiles.cannotRead(table)
              + table.place()
              + " has "
              + found
              + " columns in its first line, expected the "
              + table.names().size()
              + " of input."
              + table.name()
              + ".names. Correct the names, or the option sep.");
    }
    StructType schema = new StructType();
    for (String name : table.names()) {
      schema = schema.add(text(name));
    }
    return csv.schema(schema).csv(paths);
  }

  /**
   * Where the first bytes are that are no text in the encoding that the settings name, and what to
   * do, as the end of a sentence and another.
   *
   * @param places files and folders; nothing where they are not known
   */
  static String undecodable(SparkSession spark, TableSettings table, Optional<List<String>> places)
      throws IOException {
    String encoding = "UTF-8";
    for (Map.Entry<String, String> option : table.options().entrySet()) {
      if (option.getKey().equalsIgnoreCase("encoding")
          || option.getKey().equalsIgnoreCase("charset")) {
        encoding = option.getValue();
      }
    }
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    String where = "";
    for (String place : places.orElse(Collections.emptyList())) {
      where = where.isEmpty() ? undecodable(hadoop, new Path(place), encoding) : where;
    }
    return " of "
        + encoding
        + (where.isEmpty() ? "" : ", the first in " + where)
        + ". Set input."
        + table.name()
        + ".options { encoding = ... } to the encoding of the files, such as ISO-8859-1.";
  }

  private static String undecodable(Configuration hadoop, Path place, String encoding)
      throws IOException {
    FileSystem files = place.getFileSystem(hadoop);
    if (files.getFileStatus(place).isDirectory()) {
      FileStatus[] children = files.listStatus(place);
      Arrays.sort(children);
      for (FileStatus child : children) {
        String name = child.getPath().getName();
        String found =
            name.startsWith("_") || name.startsWith(".")
                ? ""
                : undecodable(hadoop, child.getPath(), encoding);
        if (!found.isEmpty()) {
          return found;
        }
      }
      return "";
    }
    CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(place);
    InputStream opened = files.open(place);
    CharsetDecoder decoder = Charset.forName(encoding).newDecoder();
    int number = 1;
    try (InputStream bytes =
        new BufferedInputStream(codec == null ? opened : codec.createInputStream(opened))) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int letter = bytes.read(); letter >= 0; letter = bytes.read()) {
        line.write(letter);
        if (letter == '\n') {
          decoder.decode(ByteBuffer.wrap(line.toByteArray()));
          line.reset();
          number++;
        }
      }
      decoder.decode(ByteBuffer.wrap(line.toByteArray()));
      return "";
    } catch (CharacterCodingException e) {
      return place.toUri().getPath() + ":" + number;
    }
  }

  private static boolean isSet(Map<String, String> options, String name) {
    return options.keySet().stream().anyMatch(name::equalsIgnoreCase);
  }

  /** Whether the first line of a file names its columns. */
  static boolean hasHeader(TableSettings table) {
    return table.names().isEmpty()
        && table.options().entrySet().stream()
            .noneMatch(
                option ->
                    option.getKey().equalsIgnoreCase("header")
                        && option.getValue().equalsIgnoreCase("false"));
  }

  /** A text column of a text file, whose bytes may be of another encoding than is thought. */
  static StructField text(String name) {
    Metadata metadata = new MetadataBuilder().putBoolean(TEXT, true).build();
    return DataTypes.createStructField(name, DataTypes.StringType, true, metadata);
  }

  /** Whether a column is of a text file. */
  static boolean isText(StructField field) {
    return field.metadata().contains(TEXT);
  }
}
