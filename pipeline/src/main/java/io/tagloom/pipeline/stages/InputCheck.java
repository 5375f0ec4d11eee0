package io.tagloom.pipeline.stages;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.when;

import io.tagloom.conf.FieldSettings;
import io.tagloom.conf.InputException;
import io.tagloom.conf.InputSettings;
import io.tagloom.conf.Side;
import io.tagloom.conf.TableSettings;
import io.tagloom.features.logs.InputVersion;
import io.tagloom.features.logs.LogTable;
import io.tagloom.features.logs.Logs;
import io.tagloom.features.logs.ReadRange;
import io.tagloom.features.logs.RowRules;
import io.tagloom.pipeline.console.Report;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Looks at the input tables as a run would, and writes nothing. */
public final class InputCheck {
  private static final String BEFORE = "before";
  private static final LocalDate FIRST = LocalDate.of(1970, 1, 2);
  private static final LocalDate LAST = LocalDate.of(9999, 12, 31);

  private InputCheck() {}

  /**
   * Reads every table once and counts rows, days and broken rows.
   *
   * @param run the settings; with a date only the days that a run for it reads are counted
   * @return rows by table and a line each
   * @throws InputException when a table, a column or a declared field is missing, or a log is empty
   */
  public static Report run(Run run) {
    return run.stage("check", "the input tables", () -> check(run));
  }

  private static Report check(Run run) {
    InputSettings input = run.inputs().all().input();
    Logs logs = Logs.of(run.spark(), input);
    Report report = new Report();
    for (LogTable table : LogTable.values()) {
      log(run, logs, table, report);
    }
    LocalDate date = run.hasDate() ? run.date() : LAST;
    snapshot(run, logs, input.users(), logs.users(date), Side.USER, report);
    snapshot(run, logs, input.items(), logs.items(date), Side.ITEM, report);
    Versions.views(run);
    return report.line("settings and inputs can be used");
  }

  private static void log(Run run, Logs logs, LogTable table, Report report) {
    ReadRange range =
        run.hasDate()
            ? ReadRange.of(run.settings().samples(), run.date())
            : ReadRange.between(FIRST, LAST);
    Column outcome = col(RowRules.OUTCOME);
    Column before =
        outcome.equalTo(lit(RowRules.OUTSIDE)).and(col("ts").lt(lit(range.startMillis())));
    // A row an outcome.
    List<Row> outcomes =
        logs.rows(table, range)
            .groupBy(when(before, lit(BEFORE)).otherwise(outcome))
            .agg(count(lit(1)), min("ts"), max("ts"))
            .collectAsList();
    long taken = 0;
    long[] unread = new long[2];
    String days = "";
    Map<String, Long> others = new TreeMap<>();
    for (Row row : outcomes) {
      if (row.getString(0).equals(RowRules.TAKEN)) {
        taken = row.getLong(1);
        days = ", " + day(row.getLong(2)) + " to " + day(row.getLong(3));
      } else if (row.getString(0).equals(BEFORE)) {
        unread[0] = row.getLong(1);
      } else if (row.getString(0).equals(RowRules.OUTSIDE)) {
        unread[1] = row.getLong(1);
      } else {
        others.put(row.getString(0), row.getLong(1));
      }
    }
    if (taken == 0) {
      throw new InputException(
          "Cannot use "
              + table.title()
              + ": "
              + logs.settings(table).place()
              + " has no usable row"
              + (run.hasDate() ? " of " + range.readFrom() + " to " + range.asOf() : "")
              + (others.isEmpty() ? "" : "; broken rows: " + others)
              + ". Check path, columns and dates.");
    }
    report.put("rows." + table.title(), taken);
    others.forEach((rule, rows) -> report.put("rejected." + table.title() + "." + rule, rows));
    report.line(
        Run.column(table.title())
            + Run.count(taken)
            + " rows"
            + days
            + version(logs, logs.settings(table), report)
            + (others.isEmpty() ? "" : "; broken rows: " + others));
    report.put("outside." + table.title(), unread[0] + unread[1]);
    range.unread(table, unread[0], unread[1]).ifPresent(line -> report.line("  note: " + line));
  }

  /** For a table that keeps versions, the one that was looked at. */
  private static String version(Logs logs, TableSettings table, Report report) {
    Optional<InputVersion> version = logs.version(table);
    version.ifPresent(read -> report.put("inputs." + table.name(), read.toString()));
    return version.map(read -> ", version " + read.number()).orElse("");
  }

  private static void snapshot(
      Run run, Logs logs, TableSettings table, Dataset<Row> rows, Side side, Report report) {
    List<String> columns = Arrays.asList(rows.columns());
    for (FieldSettings field : run.settings().features().fields()) {
      if (field.side() == side && !field.column().isEmpty() && !field.kind().isHistory()) {
        require(table, field, columns);
      }
    }
    long count = rows.count();
    if (count == 0) {
      throw new InputException(
          "Cannot use "
              + table.name()
              + ": "
              + table.place()
              + " has no rows. Check the job that writes it.");
    }
    report.put("rows." + table.name(), count);
    report.line(
        Run.column(table.name())
            + Run.count(count)
            + " rows, columns "
            + columns
            + version(logs, table, report));
  }

  private static void require(TableSettings table, FieldSettings field, List<String> columns) {
    if (!columns.contains(field.column())) {
      throw new InputException(
          "Cannot use field "
              + field.name()
              + ": "
              + table.name()
              + " has no column "
              + field.column()
              + ", it has "
              + columns
              + ". Mend features.fields or input."
              + table.name()
              + ".columns.");
    }
  }

  private static LocalDate day(long ts) {
    return Instant.ofEpochMilli(ts).atZone(ZoneOffset.UTC).toLocalDate();
  }
}
