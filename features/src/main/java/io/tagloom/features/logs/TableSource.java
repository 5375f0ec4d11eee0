package io.tagloom.features.logs;

import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Where the rows of one table come from, and how its days are told apart. A flat source knows no
 * days.
 */
interface TableSource {
  /** Whether the source knows which rows belong to a day without looking at their times. */
  boolean partitioned();

  /** The day of a row's partition, as an int; null in a flat source. */
  Column day();

  /** Whether there is a partition of a day. */
  boolean has(LocalDate day);

  /** The newest day not after a date that has a partition. */
  Optional<LocalDate> newest(LocalDate date);

  /** Where the partition of a day should be and which ones there are, for a person. */
  String without(LocalDate day);

  /**
   * The rows of some days, both included, in parts of the same columns each, with at least the
   * columns that are asked for; of a flat source all rows, or all that may be of these days.
   *
   * @param wanted our names of columns that a text format without a header is asked for
   * @throws Exception what Spark throws, declared or not
   */
  List<TablePart> rows(LocalDate from, LocalDate to, Collection<String> wanted) throws Exception;

  /** What a person should know of files that hold no rows of some days or are passed over. */
  List<String> notes(LocalDate from, LocalDate to);

  /**
   * The rows of one day with all columns; of a flat source all rows.
   *
   * @throws Exception what Spark throws, declared or not
   */
  Dataset<Row> snapshot(LocalDate day) throws Exception;

  /** How the files of some days are stored, for a person; nothing where there are none. */
  Optional<String> stored(LocalDate from, LocalDate to);

  /** Whether there are rows that {@link #rows} leaves out as of other days. */
  boolean hasOtherRows();

  /** The version that is read of a table whose format keeps versions. */
  Optional<InputVersion> version();

  /**
   * The files and folders that hold the rows of some days; nothing when there may be others.
   *
   * @throws Exception what Spark throws, declared or not
   */
  Optional<List<String>> files(LocalDate from, LocalDate to) throws Exception;
}
