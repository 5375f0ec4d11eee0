package io.tagloom.features.samples;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.tagloom.conf.EvaluationSettings.Undefined;
import io.tagloom.conf.InputException;
import io.tagloom.conf.InputSettings;
import io.tagloom.conf.Settings;
import io.tagloom.conf.TagloomException;
import io.tagloom.features.logs.Duplicates;
import io.tagloom.features.logs.HotKeys;
import io.tagloom.features.logs.InputVersions;
import io.tagloom.features.logs.LogTable;
import io.tagloom.features.logs.Logs;
import io.tagloom.features.logs.ReadFailure;
import io.tagloom.features.logs.ReadRange;
import io.tagloom.features.logs.RowRules;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Builds samples: the label join of one date.
 *
 * <p>Rewrites {@code <root>/samples/dt=...} of every day whose labels can still change, and beside
 * it {@code rejected}, {@code orphans} and {@code reports/join-health}. Running it twice changes
 * nothing. Days that a run of a later date has built are kept, and nights before the date that were
 * skipped are joined first, so that the order of runs does not matter. A run that fails or is
 * killed leaves the partitions as they were, or is finished by the next one. One run at a time may
 * write under a root.
 */
public final class SampleJob {
  /** What becomes of days that a run of a later date has built. */
  public enum Later {
    /** They keep their labels. */
    KEPT,
    /** They are built again, as of the earlier date. */
    REPLACED
  }

  /** Why a night is joined. */
  enum Night {
    /** It is the one that is run: the logs must have its date. */
    RUN,
    /** It did not run when it was its time. */
    SKIPPED
  }

  static final String REPORTS = "reports/join-health";
  static final String REPORT = "join-health.json";
  private static final long BUSY_ROWS = 200_000;
  private static final long ROWS_PER_TASK = 750_000;

  private final InputVersions versions;
  private final Logs logs;
  private final JoinRules rules;
  private final Sampling sampling;
  private final DayPartitions partitions;
  private final LabelDates dates;
  private final SparkSession spark;
  private final long busyRows;
  private final Undefined undefined;
  private final List<String> remarks = new ArrayList<>();
  private final Map<LogTable, Dataset<Row>> rows = new EnumMap<>(LogTable.class);

  SampleJob(SparkSession session, Settings settings, LocalDate asOf, long busyRows) {
    Objects.requireNonNull(asOf);
    InputSettings input = settings.input();
    this.versions =
        InputVersions.of(
            session,
            input,
            JoinHealth.inputs(session, settings.run().root(), asOf),
            InputVersions.logs(input));
    this.logs = Logs.of(session, versions.in(input));
    this.spark = logs.session();
    ReadRange range = ReadRange.of(settings.samples(), asOf);
    this.rules = new JoinRules(settings.samples(), range, settings.run().seed());
    this.sampling = new Sampling(settings.samples(), asOf, settings.run().seed());
    this.partitions =
        new DayPartitions(spark.sparkContext().hadoopConfiguration(), settings.run().root(), asOf);
    this.dates = new LabelDates(partitions, settings.samples());
    this.busyRows = busyRows;
    this.undefined = settings.evaluation().undefined();
  }

  /**
   * Builds the samples as of a date. Of logs that keep versions, those that the last run of the
   * date has read are read again, unless the settings name others.
   *
   * @param spark the session to run in; its settings do not matter
   * @param settings blocks {@code run}, {@code input} and {@code samples} are used, and {@code
   *     evaluation.undefined}
   * @param asOf the date; no event after its end (UTC) is read
   * @param later what becomes of days that a run of a later date has built
   * @return what was found, as written to {@code <root>/reports/join-health/dt=<asOf>}
   * @throws InputException when a log is missing, empty, unreadable or lacks a column or the date,
   *     or when the share of rejected rows or orphans is above its limit; nothing is changed then
   * @throws IllegalStateException when the output cannot be written, or the counts do not add up
   */
  public static JoinHealth run(SparkSession spark, Settings settings, LocalDate asOf, Later later) {
    return run(spark, settings, asOf, later, BUSY_ROWS);
  }

  static JoinHealth run(
      SparkSession spark, Settings settings, LocalDate asOf, Later later, long busyRows) {
    SampleJob job = new SampleJob(spark, settings, asOf, busyRows);
    job.partitions.repair();
    job.dates.gap(asOf).ifPresent(job.remarks::add);
    for (LocalDate night : job.dates.skipped(asOf)) {
      job.catchUp(new SampleJob(spark, settings, night, busyRows));
    }
    return job.run(Night.RUN, later);
  }

  /** Joins a night that was skipped; what it cannot read does not stop the one that is run. */
  private void catchUp(SampleJob skipped) {
    LocalDate night = skipped.rules.range().asOf();
    LocalDate day = skipped.rules.range().rebuildFrom();
    try {
      skipped.run(Night.SKIPPED, Later.KEPT);
      remarks.add(
          "the night of "
              + night
              + " was skipped and is joined now: labels of "
              + day
              + " are final");
    } catch (InputException e) {
      remarks.add(
          "the night of "
              + night
              + " was skipped and cannot be joined, so that "
              + day
              + " keeps the labels it had: "
              + TagloomException.reason(e));
    }
  }

  private JoinHealth run(Night night, Later later) {
    partitions.repair();
    try {
      JoinHealth health = build(night, later);
      partitions.publish();
      return health;
    } catch (InputException e) {
      partitions.drop();
      throw e;
    } catch (Exception e) {
      // Spark throws SparkException without declaring it.
      RuntimeException failure = ReadFailure.of(logs.all(), e);
      if (failure instanceof InputException) {
        partitions.drop();
      }
      throw failure;
    } finally {
      spark.sparkContext().clearJobGroup();
    }
  }

  /** Everything up to the point from which the run counts. */
  JoinHealth build(Night night, Later later) {
    shuffleTasks(Math.min(16, spark.sparkContext().defaultParallelism()));
    describe("look at impressions, clicks and conversions");
    Map<LogTable, LogCounts> counts = surveys(night);
    partitions.begin();
    shuffleTasks(tasks(counts));
    HealthCount health = new HealthCount(rules.range().rebuildFrom());
    counts.values().forEach(health::log);

    describe("attribute clicks and conversions");
    Dataset<Row> conversions = kept("conversion_rows", distinct(counts.get(LogTable.CONVERSIONS)));
    Dataset<Row> touches = touches(counts, conversions);
    health.touches(touches);
    Dataset<Row> attributed = attributed(counts, conversions, touches);
    health.conversions(attributed);
    Findings findings = new Findings(partitions, rules, logs);
    findings.checkOrphans(health);

    describe("label impressions");
    Dataset<Row> labels = new Labels(rules).of(touches, attributed);
    Observation ids = new Observation();
    writeSamples(counts.get(LogTable.IMPRESSIONS), labels, health, ids);
    if (undefined == Undefined.REFUSE) {
      findings.checkLabels(health);
    }
    List<String> warnings = findings.warnings(counts, health);
    findings.checkSharedIds(counted(ids)).ifPresent(warnings::add);

    describe("keep rejected rows and orphans");
    findings.writeRejected(counts, rows);
    if (health.orphans()) {
      findings.writeOrphans(touches, attributed);
    }
    warnings.addAll(remarks);
    return seal(health, warnings, later);
  }

  /** Looks at the logs, all at the same time: most of the work on a short one is planning. */
  private Map<LogTable, LogCounts> surveys(Night night) {
    Survey survey = new Survey(logs, rules, busyRows);
    if (night == Night.RUN) {
      survey.expectDate();
    }
    List<Callable<LogCounts>> looks = new ArrayList<>();
    for (LogTable table : LogTable.values()) {
      Dataset<Row> read = rows(table);
      looks.add(() -> survey.of(table, read));
    }
    ExecutorService threads = Executors.newFixedThreadPool(looks.size());
    try {
      Map<LogTable, LogCounts> counts = new EnumMap<>(LogTable.class);
      for (Future<LogCounts> look : threads.invokeAll(looks)) {
        LogCounts log = look.get();
        counts.put(log.table(), log);
      }
      if (night == Night.RUN) {
        survey.expectDate(counts.get(LogTable.IMPRESSIONS));
      }
      survey.expectEvents(counts, undefined);
      return counts;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("The join was interrupted.", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException) {
        throw (RuntimeException) e.getCause();
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdown();
    }
  }

  private Dataset<Row> touches(Map<LogTable, LogCounts> counts, Dataset<Row> conversions) {
    LogCounts impressions = counts.get(LogTable.IMPRESSIONS);
    LogCounts clicks = counts.get(LogTable.CLICKS);
    boolean pairs = clicks.byPair() + counts.get(LogTable.CONVERSIONS).byPair() > 0;
    HotKeys routes = clicks.routes().and(counts.get(LogTable.CONVERSIONS).routes());
    HotKeys busy = pairs ? routes.and(impressions.routes()) : routes;
    Dataset<Row> taken = taken(LogTable.IMPRESSIONS);
    return kept(
        "touches",
        new Touches(rules, sampling, busy, pairs).of(taken, distinct(clicks), conversions));
  }

  private Dataset<Row> attributed(
      Map<LogTable, LogCounts> counts, Dataset<Row> conversions, Dataset<Row> touches) {
    LogCounts log = counts.get(LogTable.CONVERSIONS);
    HotKeys hotPairs = log.routes().and(counts.get(LogTable.CLICKS).routes());
    return kept(
        "conversions", new Conversions(rules, hotPairs, log.byPair() > 0).of(conversions, touches));
  }

  private static Map<String, Object> counted(Observation counts) {
    try {
      return counts.getAsJava();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("The join was interrupted.", e);
    }
  }

  private void writeSamples(
      LogCounts impressions, Dataset<Row> labels, HealthCount health, Observation ids) {
    Dataset<Row> taken = taken(LogTable.IMPRESSIONS);
    Caps caps = new Caps(rules);
    Dataset<Row> leftOut = caps.any() ? kept("left_out", caps.leftOut(taken)) : null;
    List<String> columns = logs.columns(LogTable.IMPRESSIONS);
    Map<String, String> context = new LinkedHashMap<>();
    for (String name : columns.subList(LogTable.IMPRESSIONS.columns().size(), columns.size())) {
      context.put(name, logs.inside(name));
    }
    String path = partitions.staged(SampleStore.TABLE);
    Dataset<Row> samples =
        new SampleTable(rules, sampling, context)
            .of(taken, impressions.copies(), labels, leftOut, ids);
    // Most ids are rare: a large dictionary of them is built for nothing.
    samples.write().option("parquet.dictionary.page.size", 65536).partitionBy("dt").parquet(path);
    health.samples(spark.read().schema(samples.schema()).parquet(path));
    if (leftOut != null) {
      health.leftOut(leftOut);
    }
    new CountCheck(rules, sampling).check(health, labels, leftOut);
  }

  private JoinHealth seal(HealthCount count, List<String> warnings, Later later) {
    LocalDate asOf = rules.range().asOf();
    SortedMap<LocalDate, LocalDate> kept =
        later == Later.KEPT ? dates.later(asOf) : Collections.emptySortedMap();
    if (!kept.isEmpty()) {
      warnings.add(
          String.format(
              "%s to %s keep the labels of later runs, as of up to %s; --force builds them as of %s",
              kept.firstKey(), kept.lastKey(), Collections.max(kept.values()), asOf));
    }
    JoinHealth health = count.health(asOf, warnings).of(versions);
    partitions.write(REPORTS, asOf, REPORT, health.json());
    dates.note(asOf, kept.keySet());
    partitions.seal(LabelDates.TABLES, rules.range().rebuildFrom(), asOf, kept.keySet(), REPORTS);
    return health;
  }

  private Dataset<Row> rows(LogTable table) {
    return rows.computeIfAbsent(table, key -> logs.rows(key, rules.range()));
  }

  /** The rows of a log that take part, copies included. */
  private Dataset<Row> taken(LogTable table) {
    return rows(table)
        .filter(col(RowRules.OUTCOME).equalTo(lit(RowRules.TAKEN)))
        .drop("row", "day", RowRules.OUTCOME);
  }

  private Dataset<Row> distinct(LogCounts log) {
    Dataset<Row> rows =
        taken(log.table()).withColumn(EventKeys.KEY, EventKeys.copyKey(log.table()));
    return Duplicates.earliest(rows, log.copies(), EventKeys.KEY);
  }

  /** Writes a small table of a step beside the output, so that no later step does it again. */
  private Dataset<Row> kept(String step, Dataset<Row> rows) {
    String path = partitions.staged("_steps/" + step);
    rows.write().parquet(path);
    return spark.read().schema(rows.schema()).parquet(path);
  }

  private long tasks(Map<LogTable, LogCounts> counts) {
    long rows = counts.values().stream().mapToLong(LogCounts::taken).sum();
    long tasks = 1 + rows / ROWS_PER_TASK;
    int slots = spark.sparkContext().defaultParallelism();
    return tasks == 1 ? 1 : Math.max(tasks, slots);
  }

  private void shuffleTasks(long tasks) {
    spark.conf().set("spark.sql.shuffle.partitions", String.valueOf(tasks));
  }

  private void describe(String step) {
    String text = "samples as of " + rules.range().asOf() + ": " + step;
    spark.sparkContext().setJobGroup("samples", text, false);
  }
}
