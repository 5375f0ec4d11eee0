package io.tagloom.features.samples;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.tagloom.features.logs.InputVersions;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/**
 * What the label join of one run found, day by day. Immutable.
 *
 * <p>Names of the numbers, each counted under the day (UTC) of its event:
 *
 * <ul>
 *   <li>{@code impressions.}, {@code clicks.}, {@code conversions.}: {@code rows} (all that were
 *       read), {@code duplicates}, {@code late}, {@code rejected} and {@code rejected.<rule>}
 *   <li>{@code impressions.distinct}, {@code impressions.capped_by_user}, {@code
 *       impressions.capped_by_item}
 *   <li>{@code clicks.counted}, {@code clicks.out_of_window}, {@code clicks.orphaned}
 *   <li>{@code conversions.counted}, {@code .view_through}, {@code .out_of_window}, {@code
 *       .orphaned}, {@code .unclicked} (its impression has no click before it), {@code .other_type}
 *   <li>{@code samples.rows}, {@code .clicked}, {@code .converted}, {@code .clicked_and_converted},
 *       {@code .mature}
 *   <li>{@code click_delay_ms.p50}, {@code .p90}, {@code .p99}, and the same of {@code
 *       conversion_delay_ms}: upper bounds that are at most 5 % too high
 * </ul>
 */
public final class JoinHealth {
  private static final int EARLIER_DAYS = 30;

  private final LocalDate asOf;
  private final List<DayHealth> days;
  private final List<String> warnings;
  private final InputVersions inputs;

  /**
   * Creates the health of a run.
   *
   * @param asOf the date of the run
   * @param days the days it rebuilt that have anything, ascending, none after {@code asOf}
   * @param warnings what a person should look at, one line each
   */
  public JoinHealth(LocalDate asOf, List<DayHealth> days, List<String> warnings) {
    this(asOf, days, warnings, InputVersions.none());
  }

  private JoinHealth(
      LocalDate asOf, List<DayHealth> days, List<String> warnings, InputVersions inputs) {
    this.inputs = inputs;
    this.asOf = Objects.requireNonNull(asOf);
    this.days = Collections.unmodifiableList(new ArrayList<>(days));
    this.warnings = Collections.unmodifiableList(new ArrayList<>(warnings));
    LocalDate before = LocalDate.MIN;
    for (DayHealth day : this.days) {
      if (!day.day().isAfter(before) || day.day().isAfter(asOf)) {
        throw new IllegalArgumentException(
            "Invalid day: " + day.day() + "; expected ascending days up to " + asOf + ".");
      }
      before = day.day();
    }
  }

  /** The date of the run. */
  public LocalDate asOf() {
    return asOf;
  }

  /** The days that the run rebuilt, ascending; days with nothing at all are left out. */
  public List<DayHealth> days() {
    return days;
  }

  /** What a person should look at. */
  public List<String> warnings() {
    return warnings;
  }

  /** The versions of the logs that the run has read. */
  public InputVersions inputs() {
    return inputs;
  }

  /** The same, of logs of some versions. */
  JoinHealth of(InputVersions versions) {
    return new JoinHealth(asOf, days, warnings, versions);
  }

  /**
   * The versions of the logs that the last run of a date has read.
   *
   * @param root the folder {@code run.root}
   * @return none when the date was not run, or its logs keep no versions
   */
  public static InputVersions inputs(SparkSession spark, String root, LocalDate date) {
    DayPartitions partitions = new DayPartitions(spark.sparkContext().hadoopConfiguration(), root);
    return report(partitions, date).map(JoinHealth::inputs).orElse(InputVersions.none());
  }

  /** The day of the run itself. */
  public DayHealth day() {
    DayHealth none = new DayHealth(asOf, Collections.emptyMap());
    DayHealth last = days.isEmpty() ? none : days.get(days.size() - 1);
    return last.day().equals(asOf) ? last : none;
  }

  /** Sum of a number over all days; not for delays. */
  public long total(String name) {
    return days.stream().mapToLong(day -> day.number(name)).sum();
  }

  /** The health as one JSON object, keys in alphabetical order, lines of at most one value. */
  public String json() {
    Map<String, Object> root = new TreeMap<>();
    root.put("as_of", asOf.toString());
    root.put("warnings", warnings);
    List<Object> list = new ArrayList<>();
    for (DayHealth day : days) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("day", day.day().toString());
      object.put("ctr", day.ctr());
      object.put("cvr", day.cvr());
      object.put("numbers", new TreeMap<>(day.numbers()));
      list.add(object);
    }
    root.put("days", list);
    if (!inputs.byTable().isEmpty()) {
      root.put("inputs", inputs.tree());
    }
    return ConfigValueFactory.fromMap(root).render(ConfigRenderOptions.concise().setFormatted(true))
        + "\n";
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @throws IllegalArgumentException when the text is something else
   */
  public static JoinHealth fromJson(String json) {
    try {
      Config root = ConfigFactory.parseString(json);
      List<DayHealth> days = new ArrayList<>();
      for (Config day : root.getConfigList("days")) {
        Map<String, Long> numbers = new TreeMap<>();
        for (Map.Entry<String, ConfigValue> entry : day.getObject("numbers").entrySet()) {
          numbers.put(entry.getKey(), ((Number) entry.getValue().unwrapped()).longValue());
        }
        days.add(new DayHealth(LocalDate.parse(day.getString("day")), numbers));
      }
      return new JoinHealth(
          LocalDate.parse(root.getString("as_of")),
          days,
          root.getStringList("warnings"),
          root.hasPath("inputs")
              ? InputVersions.of(root.getConfig("inputs"))
              : InputVersions.none());
    } catch (ConfigException | DateTimeException | ClassCastException e) {
      throw new IllegalArgumentException(
          "Invalid join health: " + e.getMessage() + "; expected the JSON of a report.", e);
    }
  }

  /**
   * The reports of runs before a date, each run's own day.
   *
   * @param root the folder {@code run.root}
   * @return at most the last 30 days, ascending
   */
  public static List<DayHealth> before(SparkSession spark, String root, LocalDate date) {
    DayPartitions partitions = new DayPartitions(spark.sparkContext().hadoopConfiguration(), root);
    List<DayHealth> before = new ArrayList<>();
    for (LocalDate day : partitions.days(SampleJob.REPORTS)) {
      if (day.isBefore(date) && !day.isBefore(date.minusDays(EARLIER_DAYS))) {
        report(partitions, day).map(JoinHealth::day).ifPresent(before::add);
      }
    }
    return before;
  }

  /** The report of a date's run; none when there is none, or it is damaged. */
  private static Optional<JoinHealth> report(DayPartitions partitions, LocalDate date) {
    return partitions
        .read(SampleJob.REPORTS, date, SampleJob.REPORT)
        .flatMap(
            text -> {
              try {
                return Optional.of(fromJson(text));
              } catch (IllegalArgumentException e) {
                return Optional.empty();
              }
            });
  }

  /**
   * A table for the console: numbers as lines, the run's day and the days before it as columns.
   *
   * @param earlier days of reports before this one, for columns that this run did not rebuild
   * @param columns greatest number of days shown, 1 or more
   */
  public String table(List<DayHealth> earlier, int columns) {
    return new HealthTable(this, earlier, columns).text();
  }
}
