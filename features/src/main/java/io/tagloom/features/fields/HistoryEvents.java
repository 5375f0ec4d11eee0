package io.tagloom.features.fields;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;

import io.tagloom.conf.FieldSettings;
import io.tagloom.conf.HistoryValues;
import io.tagloom.conf.InputException;
import io.tagloom.conf.Side;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The events that histories are made of, taken from samples: each attributed click and conversion,
 * once, at the time it became known.
 *
 * <p>A click may carry a time before its own impression when clocks differ; it is taken as known at
 * the impression's time then, so that it stays unseen by its own sample. Events that belong to no
 * impression are not in samples and so not in histories.
 */
public final class HistoryEvents {
  private HistoryEvents() {}

  /**
   * Collects the events that the history fields need.
   *
   * @param samples user_id, item_id, ts, and for each event NAME (0 or 1) and NAME_ts (epoch
   *     milliseconds)
   * @param items the item snapshot; read when a field collects tags
   * @param tagField the declared tag field, which says where an item's tags are
   * @param listSeparator separator of tags in a text column
   * @return user_id, item_id, ts, event, tags
   * @throws InputException if a column is missing
   */
  public static Dataset<Row> of(
      Dataset<Row> samples,
      Dataset<Row> items,
      List<FieldSettings> fields,
      FieldSettings tagField,
      String listSeparator) {
    List<FieldSettings> histories =
        fields.stream().filter(field -> field.kind().isHistory()).collect(Collectors.toList());
    Dataset<Row> events = null;
    for (String event :
        histories.stream().map(FieldSettings::of).distinct().collect(Collectors.toList())) {
      Dataset<Row> one = events(samples, event);
      events = events == null ? one : events.union(one);
    }
    if (events == null) {
      throw new IllegalArgumentException(
          "Invalid fields: none of kind history; expected at least one.");
    }
    boolean withTags =
        histories.stream().anyMatch(field -> field.historyValues() == HistoryValues.TAGS);
    return withTags ? withTags(events, items, tagField, listSeparator) : events;
  }

  private static Dataset<Row> events(Dataset<Row> samples, String event) {
    String time = event + "_ts";
    for (String column : Arrays.asList("user_id", "item_id", "ts", event, time)) {
      if (!Arrays.asList(samples.columns()).contains(column)) {
        throw new InputException(
            "Cannot build the history of "
                + event
                + ": column "
                + column
                + " is not in the samples "
                + Arrays.asList(samples.columns())
                + ". Add it, or take the history of click or conversion.");
      }
    }
    return samples
        .filter(EncoderPlan.number(samples.schema(), event).equalTo(1f).and(col(time).isNotNull()))
        .select(
            col("user_id"),
            col("item_id"),
            greatest(
                    EncoderPlan.millis(samples.schema(), time),
                    EncoderPlan.millis(samples.schema(), "ts"))
                .as("ts"),
            lit(event).as("event"));
  }

  private static Dataset<Row> withTags(
      Dataset<Row> events, Dataset<Row> items, FieldSettings tagField, String listSeparator) {
    // JoinSnapshots counts, checks and broadcasts: here the tag column is its only field.
    List<FieldSettings> tags = Collections.singletonList(tagField);
    Dataset<Row> joined = JoinSnapshots.join(events, items, tags, Side.ITEM);
    return joined
        .withColumn("tags", new InputColumns(joined.schema(), listSeparator).of(tagField).get(0))
        .drop("item");
  }
}
