package io.tagloom.pipeline.stages;

import io.tagloom.conf.InputSettings;
import io.tagloom.conf.Settings;
import io.tagloom.conf.TableSettings;
import io.tagloom.features.fields.EncodedSamples;
import io.tagloom.features.logs.InputVersion;
import io.tagloom.features.logs.InputVersions;
import io.tagloom.features.logs.Logs;
import io.tagloom.features.samples.JoinHealth;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.Path;

/**
 * The input tables of one run. Of those that keep versions, it is decided once which is read: when
 * a stage first asks. Not for use by several threads.
 */
final class Inputs {
  private final Run run;
  private Optional<InputVersions> logs = Optional.empty();
  private Optional<InputVersions> snapshots = Optional.empty();

  Inputs(Run run) {
    this.run = run;
  }

  /** The settings with the three logs at their versions. */
  Settings logs() {
    return at(logVersions());
  }

  /** The settings with users and items at their versions. */
  Settings snapshots() {
    return at(snapshotVersions());
  }

  /** The settings with all five tables at their versions. */
  Settings all() {
    return at(logVersions().and(snapshotVersions()));
  }

  private Settings at(InputVersions versions) {
    return run.settings().with(versions.in(run.settings().input()));
  }

  private InputVersions logVersions() {
    List<TableSettings> tables = InputVersions.logs(run.settings().input());
    if (!logs.isPresent()) {
      logs =
          Optional.of(
              anyVersioned(tables) ? decided(tables, recorded(JoinHealth::inputs)) : none());
    }
    return logs.get();
  }

  private InputVersions snapshotVersions() {
    List<TableSettings> tables = InputVersions.snapshots(run.settings().input());
    if (!snapshots.isPresent()) {
      snapshots =
          Optional.of(
              anyVersioned(tables)
                  ? decided(tables, recorded(EncodedSamples::recordedInputs))
                  : none());
    }
    return snapshots.get();
  }

  private static boolean anyVersioned(List<TableSettings> tables) {
    return tables.stream().anyMatch(InputVersions::mayHaveVersions);
  }

  private static InputVersions none() {
    return InputVersions.none();
  }

  private InputVersions decided(List<TableSettings> tables, InputVersions earlier) {
    InputVersions versions = InputVersions.of(run.spark(), run.settings().input(), earlier, tables);
    versions.notes().forEach(run::say);
    return versions;
  }

  private InputVersions recorded(Recorded recorded) {
    return run.hasDate() && !run.repins()
        ? recorded.of(run.spark(), run.settings().run().root(), run.date())
        : none();
  }

  /**
   * Adds what changes when the rows of tables do: files by name, length and time, or the version. A
   * table of which neither is known counts as changed.
   *
   * @param settings the tables at their versions
   * @param tables some of them; those without a place add nothing
   * @param from first day that is read
   */
  void addTo(StageInputs inputs, Settings settings, List<TableSettings> tables, LocalDate from)
      throws IOException {
    for (TableSettings table : tables) {
      if (InputVersions.mayHaveVersions(table)) {
        addRelation(inputs, settings.input(), table, from);
      } else if (table.present()) {
        inputs.files(run, new Path(table.path()), table.dateColumn() + "=", from, run.date());
      }
    }
  }

  private void addRelation(
      StageInputs inputs, InputSettings input, TableSettings table, LocalDate from)
      throws IOException {
    Logs reader = Logs.of(run.spark(), input);
    Optional<InputVersion> version = reader.version(table);
    if (version.isPresent()) {
      inputs.text(version.get().toString());
      return;
    }
    LocalDate first = from.equals(LocalDate.MIN) ? reader.snapshotDay(table, run.date()) : from;
    Optional<List<String>> files = reader.files(table, first, run.date());
    if (!files.isPresent()) {
      inputs.text(UUID.randomUUID().toString());
      return;
    }
    for (String file : files.get()) {
      inputs.file(run, new Path(java.net.URI.create(file)));
    }
  }

  /** Where an earlier run has written what it has read. */
  private interface Recorded {
    InputVersions of(org.apache.spark.sql.SparkSession spark, String root, LocalDate date);
  }
}
