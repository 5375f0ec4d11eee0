package io.tagloom.pipeline.stages;

import io.tagloom.conf.Settings;
import io.tagloom.conf.SettingsException;
import io.tagloom.conf.TagloomException;
import io.tagloom.pipeline.console.Report;
import io.tagloom.pipeline.stages.Nightly.Finished;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.io.IOUtils;

/** Everything once: example logs, a night on them, and what came out beside the planted truth. */
public final class Demo {
  /** The day that is run when none is given. */
  public static final LocalDate DATE = LocalDate.of(2026, 11, 1);

  private static final List<String> SHOWN_USERS = Arrays.asList("user-0", "user-1", "user-2");

  private Demo() {}

  /**
   * Writes the demo's settings file.
   *
   * @param folder the demo's folder; made when it does not exist
   * @return {@code demo.conf} in it, for use with every other command
   * @throws SettingsException when it cannot be written
   */
  public static Path settings(Path folder) {
    Path absolute = folder.toAbsolutePath().normalize();
    Path file = absolute.resolve("demo.conf");
    try (InputStream in = Settings.class.getResourceAsStream("examples/demo.conf")) {
      String quoted = absolute.toString().replace("\\", "\\\\").replace("\"", "\\\"");
      String text =
          IOUtils.toString(in, StandardCharsets.UTF_8) + "\npaths.demo = \"" + quoted + "\"\n";
      Files.createDirectories(absolute);
      Files.write(file, text.getBytes(StandardCharsets.UTF_8));
      return file;
    } catch (IOException e) {
      throw new SettingsException(
          "Cannot write "
              + file
              + ": "
              + TagloomException.reason(e)
              + ". Choose a folder that can be written with --folder DIR.");
    }
  }

  /**
   * Runs the demo.
   *
   * @param run settings of {@link #settings} and a date
   * @return the nightly's report with {@code tasks.TASK.best_auc} and {@code
   *     profile.LIST.best_pair_order}, and three profiles
   */
  public static Report run(Run run) {
    Report report = new Report();
    // Three chains: a night of one's own on the same settings finds the demo's stages done.
    report.add(Nightly.run(run, Finished.PASSED_OVER, Collections.singletonList(new Generation())));
    report.add(Nightly.run(run, Finished.PASSED_OVER));
    report.add(
        Nightly.run(run, Finished.PASSED_OVER, Collections.singletonList(new BestAucStage())));
    report.line("");
    for (String task : report.names("tasks")) {
      report.line(quality(report, task));
    }
    for (String list : report.names("profile")) {
      order(report, list).ifPresent(report::line);
    }
    report.line("");
    report.add(Profiles.of(run, SHOWN_USERS));
    report.line("");
    for (String table : report.names("tables")) {
      report.line(String.format(Locale.ROOT, "%-18s", table) + report.text("tables." + table));
    }
    return report;
  }

  /** How many pairs of a user's tags the profiles order as he does. */
  private static Optional<String> order(Report report, String list) {
    double order = report.number("profile." + list + ".all.pair_order");
    double best = report.number("profile." + list + ".best_pair_order");
    return Double.isNaN(order) || Double.isNaN(best)
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%s: pair order %.4f, best possible %.4f, rates of all users %.4f",
                list,
                order,
                best,
                report.number("profile." + list + ".all.pair_order_global")));
  }

  private static String quality(Report report, String task) {
    double auc = report.number("tasks." + task + ".auc");
    double best = report.number("tasks." + task + ".best_auc");
    String line = String.format(Locale.ROOT, "%s AUC %.4f", task, auc);
    return Double.isNaN(best)
        ? line
        : line
            + String.format(
                Locale.ROOT,
                ", best possible %.4f: %.0f%% of the planted lift",
                best,
                100 * (auc - 0.5) / (best - 0.5));
  }
}
