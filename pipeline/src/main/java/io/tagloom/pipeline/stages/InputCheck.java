package io.tagloom.pipeline.stages;

import io.tagloom.conf.FieldSettings;
import io.tagloom.conf.InputException;
import io.tagloom.conf.InputSettings;
import io.tagloom.conf.Side;
import io.tagloom.conf.TableSettings;
import io.tagloom.features.logs.InputVersion;
import io.tagloom.features.logs.LogTable;
import io.tagloom.features.logs.Logs;
import io.tagloom.features.samples.SampleCheck;
import io.tagloom.pipeline.console.Report;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Looks at the input tables as a run would, and writes nothing. */
public final class InputCheck {
  private static final LocalDate LAST = LocalDate.of(9999, 12, 31);

  private InputCheck() {}

  /**
   * Reads every table and counts rows, days, broken rows, and of a sample what a join would find.
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
    Optional<LocalDate> date = run.hasDate() ? Optional.of(run.date()) : Optional.empty();
    Report report = new Report();
    Dataset<Row> users = logs.users(date.orElse(LAST));
    Dataset<Row> items = logs.items(date.orElse(LAST));
    require(run, input.users(), users, Side.USER);
    require(run, input.items(), items, Side.ITEM);
    SampleCheck check = SampleCheck.of(logs, run.settings(), date);
    for (LogTable table : LogTable.values()) {
      log(logs, table, check, report);
    }
    snapshot(logs, input.users(), users, check, report);
    snapshot(logs, input.items(), items, check, report);
    check.warnings().forEach(line -> report.line("  note: " + line));
    Versions.views(run);
    return report.line("settings and inputs can be used");
  }

  private static void log(Logs logs, LogTable table, SampleCheck check, Report report) {
    long taken = check.rows(table);
    SortedSet<LocalDate> days = check.days(table);
    Map<String, Long> others = check.others(table);
    if (taken == 0 && table == LogTable.IMPRESSIONS) {
      throw new InputException(
          "Cannot use "
              + table.title()
              + ": "
              + logs.settings(table).place()
              + " has no usable row"
              + (others.isEmpty() ? "" : "; broken rows: " + others)
              + ". Check path, columns and dates.");
    }
    report.put("rows." + table.title(), taken);
    others.forEach((rule, rows) -> report.put("rejected." + table.title() + "." + rule, rows));
    report.put("outside." + table.title(), check.outside(table));
    report.line(
        Run.column(table.title())
            + Run.count(taken)
            + " rows"
            + (days.isEmpty() ? "" : ", " + days.first() + " to " + days.last())
            + version(logs, logs.settings(table), report)
            + check.stored(table).map(text -> ", " + text).orElse("")
            + found(table.title(), ", %s find their impression or click", check, report)
            + (others.isEmpty() ? "" : "; broken rows: " + others));
  }

  /** What share of a sample is found; empty where nothing was looked up. */
  private static String found(String name, String text, SampleCheck check, Report report) {
    long[] found = check.found().get(name);
    if (found == null || found[1] == 0) {
      return "";
    }
    double share = (double) found[0] / found[1];
    report.put("found." + name, share);
    return String.format(text, String.format(Locale.ROOT, "%.1f%%", 100 * share));
  }

  /** For a table that keeps versions, the one that was looked at. */
  private static String version(Logs logs, TableSettings table, Report report) {
    Optional<InputVersion> version = logs.version(table);
    version.ifPresent(read -> report.put("inputs." + table.name(), read.toString()));
    return version.map(read -> ", version " + read.number()).orElse("");
  }

  private static void require(Run run, TableSettings table, Dataset<Row> rows, Side side) {
    List<String> columns = Arrays.asList(rows.columns());
    for (FieldSettings field : run.settings().features().fields()) {
      if (field.side() == side
          && !field.column().isEmpty()
          && !field.kind().isHistory()
          && !field.isOptional()) {
        require(table, field, columns);
      }
    }
  }

  private static void snapshot(
      Logs logs, TableSettings table, Dataset<Row> rows, SampleCheck check, Report report) {
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
            + Arrays.asList(rows.columns())
            + version(logs, table, report)
            + found(table.name(), ", hold %s of the impressions", check, report));
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
}
