package io.tagloom.pipeline.stages;

import io.tagloom.conf.JdbcSettings;
import io.tagloom.conf.TagloomException;
import io.tagloom.export.Publications;
import io.tagloom.export.publish.Manifest;
import io.tagloom.export.publish.PublishedViews;
import io.tagloom.export.publish.Publisher.Moved;
import io.tagloom.pipeline.console.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The versions that are kept, and which of them readers see. */
public final class Versions {
  private Versions() {}

  /**
   * The versions that are kept, the oldest first.
   *
   * @param run the settings
   * @return a line a version; {@code versions} as a list of {@code version}, {@code date}, {@code
   *     model_id}, {@code users} and {@code published}
   * @throws io.tagloom.conf.InputException when nothing is published
   */
  public static Report list(Run run) {
    return Published.read(
        run,
        tables -> {
          String published = tables.latestVersion();
          Report report = new Report().put("version", published);
          List<Map<String, Object>> values = new ArrayList<>();
          for (Manifest manifest : tables.versions()) {
            boolean seen = manifest.version().equals(published);
            long users = manifest.rows().getOrDefault("user_tag_profile", 0L);
            report.line(
                String.format(
                    Locale.ROOT,
                    "%s %s  date %s, %s users, model %s%s",
                    seen ? "*" : " ",
                    manifest.version(),
                    manifest.date(),
                    Run.count(users),
                    manifest.modelId(),
                    seen ? " (published)" : ""));
            Map<String, Object> value = new LinkedHashMap<>();
            value.put("version", manifest.version());
            value.put("date", manifest.date());
            value.put("model_id", manifest.modelId());
            value.put("users", users);
            value.put("published", seen);
            values.add(value);
          }
          return report.put(Collections.singletonList("versions"), values);
        });
  }

  /**
   * Makes the version before the published one the published one.
   *
   * @param run the settings
   * @return {@code version}, which is now published, and {@code before}
   * @throws io.tagloom.conf.PublishRefusedException when there is none
   * @throws io.tagloom.conf.LockedException when somebody is publishing
   */
  public static Report rollback(Run run) {
    return move(run, (tables, views) -> tables.rollback(lockMinutes(run), views));
  }

  /**
   * Makes a version that is kept the published one.
   *
   * @param run the settings
   * @param version its name
   * @return {@code version}, which is now published, and {@code before}
   * @throws io.tagloom.conf.InputException when there is no such version
   * @throws io.tagloom.conf.LockedException when somebody is publishing
   */
  public static Report use(Run run, String version) {
    return move(run, (tables, views) -> tables.use(version, lockMinutes(run), views));
  }

  private static int lockMinutes(Run run) {
    return run.settings().export().lockMinutes();
  }

  private static Report move(Run run, Move move) {
    String catalog = run.settings().export().catalog();
    Optional<PublishedViews> views =
        catalog.isEmpty() ? Optional.empty() : Optional.of(PublishedViews.in(run.spark(), catalog));
    return Published.read(
        run,
        tables -> {
          String before = tables.latestVersion();
          Moved moved = move.by(tables, views);
          Report report =
              new Report()
                  .put("version", moved.version())
                  .put("before", before)
                  .line("published is " + moved.version() + ", in the place of " + before);
          List<String> warnings = new ArrayList<>(moved.warnings());
          database(run, tables, report).ifPresent(warnings::add);
          warn(report, warnings);
          return report;
        });
  }

  /** Takes the serving database along, where there is one; what went wrong, since readers moved. */
  private static Optional<String> database(Run run, Publications tables, Report report) {
    JdbcSettings database = run.settings().export().jdbc();
    if (!database.present()) {
      return Optional.empty();
    }
    try {
      Map<String, Double> numbers = tables.fill(database);
      report.line(
          String.format(
              Locale.ROOT,
              "%s: %,.0f profiles written, %,.0f of other versions removed",
              database.table(),
              numbers.get("jdbc.rows"),
              numbers.get("jdbc.removed")));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          "the table "
              + database.table()
              + " was not taken along: "
              + TagloomException.reason(e)
              + ". Run `publish --use` again for the same version.");
    }
  }

  /**
   * The views of the tables in a catalog, where the settings name one.
   *
   * @throws io.tagloom.conf.SettingsException when the catalog does not have it
   */
  static Optional<PublishedViews> views(Run run) {
    String catalog = run.settings().export().catalog();
    return catalog.isEmpty()
        ? Optional.empty()
        : Optional.of(PublishedViews.in(run.spark(), catalog));
  }

  /** Adds what could not be done about views. */
  static void warn(Report report, List<String> warnings) {
    if (!warnings.isEmpty()) {
      report.put(Collections.singletonList("warnings"), warnings);
    }
    warnings.forEach(warning -> report.line("warning: " + warning));
  }

  private interface Move {
    Moved by(Publications tables, Optional<PublishedViews> views) throws IOException;
  }
}
