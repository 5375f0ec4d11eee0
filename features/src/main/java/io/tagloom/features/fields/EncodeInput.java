package io.tagloom.features.fields;

import io.tagloom.conf.FieldKind;
import io.tagloom.conf.FieldSettings;
import io.tagloom.conf.Settings;
import io.tagloom.features.logs.InputVersions;
import io.tagloom.features.logs.Logs;
import io.tagloom.features.samples.SampleStore;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The tables that encoding reads. Immutable. */
public final class EncodeInput {
  private final Dataset<Row> samples;
  private final Dataset<Row> past;
  private final Dataset<Row> users;
  private final Dataset<Row> items;
  private final InputVersions versions;

  /**
   * Names the tables.
   *
   * @param samples the samples that are encoded
   * @param past the samples that histories are made of: these and those of the look-back days
   *     before
   * @param users one row per user_id
   * @param items one row per item_id
   */
  public EncodeInput(
      Dataset<Row> samples, Dataset<Row> past, Dataset<Row> users, Dataset<Row> items) {
    this(samples, past, users, items, InputVersions.none());
  }

  private EncodeInput(
      Dataset<Row> samples,
      Dataset<Row> past,
      Dataset<Row> users,
      Dataset<Row> items,
      InputVersions versions) {
    this.versions = versions;
    this.samples = samples;
    this.past = past;
    this.users = users;
    this.items = items;
  }

  /**
   * The tables of a date: samples of training.days up to it, and the users and items as of it. Of
   * snapshots that keep versions, those that the date was encoded with before are read again,
   * unless the settings name others.
   *
   * @throws io.tagloom.conf.InputException if one is missing
   */
  public static EncodeInput of(SparkSession spark, Settings settings, LocalDate date) {
    SampleStore store = SampleStore.at(spark, settings.run().root());
    LocalDate from = date.minusDays(settings.training().days() - 1L);
    InputVersions versions = EncodedSamples.inputs(spark, settings, date);
    Logs logs = Logs.of(spark, versions.in(settings.input()));
    List<FieldSettings> fields = settings.features().fields();
    return new EncodeInput(
        store.read(from, date),
        store.read(from.minusDays(lookBackDays(fields)), date),
        Snapshots.users(logs, date, fields),
        Snapshots.items(logs, date, fields),
        versions);
  }

  /** Most look-back days of the history fields; 0 without any. */
  static int lookBackDays(List<FieldSettings> fields) {
    int days = 0;
    for (FieldSettings field : fields) {
      days = Math.max(days, field.kind().isHistory() ? field.lookBackDays() : 0);
    }
    return days;
  }

  /** Whether some field is a history. */
  static boolean hasHistory(List<FieldSettings> fields) {
    return fields.stream().map(FieldSettings::kind).anyMatch(FieldKind::isHistory);
  }

  Dataset<Row> samples() {
    return samples;
  }

  Dataset<Row> past() {
    return past;
  }

  Dataset<Row> users() {
    return users;
  }

  Dataset<Row> items() {
    return items;
  }

  InputVersions versions() {
    return versions;
  }
}
