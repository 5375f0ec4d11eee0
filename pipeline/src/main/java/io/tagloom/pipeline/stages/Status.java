package io.tagloom.pipeline.stages;

import io.tagloom.conf.SettingsException;
import io.tagloom.conf.TagloomException;
import io.tagloom.export.publish.FolderLock;
import io.tagloom.pipeline.console.Report;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** What the last nights have done, from the marks that their stages have left. */
public final class Status {
  private static final Pattern MARK =
      Pattern.compile("dt=([0-9]{4}-[0-9]{2}-[0-9]{2})(\\.failed)?\\.json");

  private Status() {}

  /**
   * The last nights, oldest first.
   *
   * @param run settings; nights after its date, where it has one, are left out
   * @param nights how many at most, 1 or more
   * @return {@code nights.DATE.STAGE}: what the stage has reported, with {@code status} ok, failed
   *     or missing; {@code at_work}: the process that holds the run's folder
   * @throws SettingsException when the run's folder cannot be read
   */
  public static Report of(Run run, int nights) {
    Report report = new Report();
    List<LocalDate> days = days(run);
    for (LocalDate day : days.subList(Math.max(0, days.size() - nights), days.size())) {
      Run night = run.on(day);
      report.line(day.toString());
      for (Stage stage : Stages.all()) {
        report.put("nights." + day + "." + stage.name(), stage(night, stage));
      }
    }
    if (days.isEmpty()) {
      report.line("No night has begun in " + run.settings().run().root() + ".");
    }
    holder(run).ifPresent(holder -> report.put("at_work", holder).line("at work: " + holder));
    return report;
  }

  private static List<LocalDate> days(Run run) {
    SortedSet<LocalDate> days = new TreeSet<>();
    for (Stage stage : Stages.all()) {
      Path folder = run.folder("state/" + stage.name());
      try {
        for (FileStatus file : run.fileSystem(folder).listStatus(folder)) {
          Matcher mark = MARK.matcher(file.getPath().getName());
          if (mark.matches()) {
            days.add(LocalDate.parse(mark.group(1)));
          }
        }
      } catch (FileNotFoundException e) {
        // No night has come so far.
        continue;
      } catch (IOException e) {
        throw unreadable(run, e);
      }
    }
    days.removeIf(day -> run.hasDate() && day.isAfter(run.date()));
    return new ArrayList<>(days);
  }

  private static Report stage(Run night, Stage stage) {
    StageMark mark = new StageMark(night, stage.name());
    Optional<Report> failure = mark.failure();
    Optional<Report> done = mark.report();
    Report report = new Report();
    if (failure.isPresent()) {
      report.add(failure.get()).put("status", "failed");
      return report.line(
          line(stage, "", "failed, exit code %.0f: ", report.number("exit_code"))
              + report.text("error"));
    }
    if (!done.isPresent()) {
      return report.put("status", "missing").line(line(stage, "", "not done"));
    }
    double seconds = done.get().number("seconds." + stage.name());
    String took = String.format(Locale.ROOT, "%.1f s", seconds);
    for (String line : done.get().lines()) {
      if (line.startsWith(stage.name())) {
        String text = line.substring(stage.name().length()).trim();
        report.line(line(stage, report.lines().isEmpty() ? took : "", "") + text);
      }
    }
    return report.put("status", "ok").put("report", done.get().withoutLines());
  }

  private static String line(Stage stage, String took, String text, Object... values) {
    return String.format(Locale.ROOT, "  %-8s %9s  ", stage.name(), took)
        + String.format(Locale.ROOT, text, values);
  }

  private static Optional<String> holder(Run run) {
    try {
      return FolderLock.holder(run.hadoop(), new Path(run.settings().run().root()));
    } catch (IOException e) {
      throw unreadable(run, e);
    }
  }

  private static SettingsException unreadable(Run run, IOException e) {
    return new SettingsException(
        "Cannot read "
            + run.settings().run().root()
            + ": "
            + TagloomException.reason(e)
            + ". Check run.root and permissions.");
  }
}
