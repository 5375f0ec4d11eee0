package io.tagloom.features.logs;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.tagloom.conf.InputException;
import io.tagloom.conf.InputSettings;
import io.tagloom.conf.TableSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/**
 * The version of each input table that a run reads, by the table's name in the settings; tables
 * without versions are left out. Immutable.
 *
 * <p>What a run has read is written with what it has made of it, so that a later run of the same
 * date can read the same. A run that fails leaves nothing: the next one takes the newest.
 */
public final class InputVersions {
  private final SortedMap<String, InputVersion> byTable;
  private final List<String> notes;

  private InputVersions(Map<String, InputVersion> byTable, List<String> notes) {
    this.byTable = Collections.unmodifiableSortedMap(new TreeMap<>(byTable));
    this.notes = Collections.unmodifiableList(new ArrayList<>(notes));
  }

  /** No versions. */
  public static InputVersions none() {
    return new InputVersions(Collections.emptyMap(), Collections.emptyList());
  }

  /**
   * Decides which versions a run reads: what the settings name; else what an earlier run of the
   * date has read of the same table; else the newest. Starts nothing for tables of files.
   *
   * @param earlier versions that an earlier run of the date has read
   * @param tables tables of the input, those without a place are passed over
   * @throws InputException when a table is not there, or its version is gone
   */
  public static InputVersions of(
      SparkSession spark,
      InputSettings input,
      InputVersions earlier,
      Collection<TableSettings> tables) {
    Map<String, InputVersion> versions = new TreeMap<>();
    List<String> notes = new ArrayList<>();
    Map<String, String> kept = earlier.of(tables);
    Logs newest = Logs.of(spark, input);
    for (TableSettings table : tables) {
      if (mayHaveVersions(table)) {
        Optional<InputVersion> version = newest.version(table);
        InputVersion before = earlier.byTable.get(table.name());
        if (kept.containsKey(table.name()) && !version.equals(Optional.of(before))) {
          // Whether it can still be read.
          Logs.of(spark, input).version(table.at(before.number()));
          notes.add(note(table, before, version));
          version = Optional.of(before);
        }
        version.ifPresent(read -> versions.put(table.name(), read));
      }
    }
    return new InputVersions(versions, notes);
  }

  private static String note(
      TableSettings table, InputVersion read, Optional<InputVersion> newest) {
    return table.name()
        + " is read at version "
        + read.number()
        + " of "
        + table.place()
        + ", as when the date was run before; the newest is "
        + newest.map(InputVersion::number).orElse("none")
        + ", which --repin takes";
  }

  /** Whether it takes Spark to know the versions of a table: it is not one of plain files. */
  public static boolean mayHaveVersions(TableSettings table) {
    return table.present() && TableReader.isRelation(table);
  }

  /** The numbers that count for tables: the same place, and no other version in the settings. */
  private Map<String, String> of(Collection<TableSettings> tables) {
    Map<String, String> numbers = new TreeMap<>();
    for (TableSettings table : tables) {
      InputVersion version = byTable.get(table.name());
      if (version != null
          && table.present()
          && table.asOf().equals(TableSettings.LATEST)
          && version.place().equals(table.place())) {
        numbers.put(table.name(), version.number());
      }
    }
    return numbers;
  }

  /** The input with every table at its version. */
  public InputSettings in(InputSettings input) {
    Map<String, String> numbers = new TreeMap<>();
    byTable.forEach((table, version) -> numbers.put(table, version.number()));
    return input.at(numbers);
  }

  /** The versions by the table's name in the settings. */
  public SortedMap<String, InputVersion> byTable() {
    return byTable;
  }

  /** These and others; of a table in both, the others' version. */
  public InputVersions and(InputVersions others) {
    Map<String, InputVersion> all = new TreeMap<>(byTable);
    all.putAll(others.byTable);
    List<String> both = new ArrayList<>(notes);
    both.addAll(others.notes);
    return new InputVersions(all, both);
  }

  /** What a person should know: tables that have moved on since their version, a line each. */
  public List<String> notes() {
    return notes;
  }

  /** Keys {@code format}, {@code table} and {@code version} by the table's name in the settings. */
  public Map<String, Object> tree() {
    Map<String, Object> tree = new TreeMap<>();
    byTable.forEach(
        (table, version) -> {
          Map<String, Object> object = new LinkedHashMap<>();
          object.put("format", version.format());
          object.put("table", version.place());
          object.put("version", version.number());
          tree.put(table, object);
        });
    return tree;
  }

  /** {@link #tree()} as JSON. */
  public String json() {
    return ConfigValueFactory.fromMap(tree())
            .render(ConfigRenderOptions.concise().setFormatted(true))
        + "\n";
  }

  /** Reads what {@link #json()} wrote. */
  public static InputVersions fromJson(String json) {
    return of(ConfigFactory.parseString(json));
  }

  /** Reads {@link #tree()}. */
  public static InputVersions of(Config tree) {
    Map<String, InputVersion> versions = new TreeMap<>();
    for (String table : tree.root().keySet()) {
      Config version = tree.getConfig(table);
      versions.put(
          table,
          new InputVersion(
              version.getString("format"),
              version.getString("table"),
              version.getString("version")));
    }
    return new InputVersions(versions, Collections.emptyList());
  }

  /** The three logs of an input. */
  public static List<TableSettings> logs(InputSettings input) {
    return Arrays.asList(input.impressions(), input.clicks(), input.conversions());
  }

  /** The two daily snapshots of an input. */
  public static List<TableSettings> snapshots(InputSettings input) {
    return Arrays.asList(input.users(), input.items());
  }
}
