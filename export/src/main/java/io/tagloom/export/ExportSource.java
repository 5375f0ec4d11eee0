package io.tagloom.export;

import io.tagloom.conf.TaskSettings;
import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.FieldColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A model with the encoded snapshots it is to score. Immutable. */
final class ExportSource {
  private final String modelId;
  private final ScoringModel model;
  private final Dataset<Row> users;
  private final Dataset<Row> items;
  private final List<String> userFields;
  private final List<String> itemFields;
  private final String tagField;
  private final List<String> vocabulary;
  private final int[] ids;
  private final Optional<Dataset<Row>> training;
  private final List<TaskSettings> taskSettings;

  /**
   * Wraps model and data.
   *
   * @param modelId the model's id
   * @param model the model
   * @param users blocks with key user_id, partitioned by user and sorted within partitions
   * @param items blocks with key item_id, likewise
   * @param userFields fields of the user side
   * @param itemFields fields of the item side
   * @param tagField the item field that holds tags
   * @param vocabulary the tags
   * @param ids the id of each tag in the tag field's vocabulary
   */
  ExportSource(
      String modelId,
      ScoringModel model,
      Dataset<Row> users,
      Dataset<Row> items,
      List<String> userFields,
      List<String> itemFields,
      String tagField,
      List<String> vocabulary,
      int[] ids) {
    this.training = Optional.empty();
    this.taskSettings = Collections.emptyList();
    this.modelId = Objects.requireNonNull(modelId);
    this.model = Objects.requireNonNull(model);
    this.users = Objects.requireNonNull(users);
    this.items = Objects.requireNonNull(items);
    this.userFields = Collections.unmodifiableList(new ArrayList<>(userFields));
    this.itemFields = Collections.unmodifiableList(new ArrayList<>(itemFields));
    this.tagField = Objects.requireNonNull(tagField);
    this.vocabulary = Collections.unmodifiableList(new ArrayList<>(vocabulary));
    this.ids = ids.clone();
    if (ids.length != vocabulary.size()) {
      throw new IllegalArgumentException(
          "Invalid tag ids: "
              + ids.length
              + "; expected one for each of "
              + vocabulary.size()
              + ".");
    }
  }

  /**
   * The same with the samples that the model has learned from.
   *
   * @param blocks encoded blocks
   * @param tasks which of their rows each task reads, in the model's order
   */
  ExportSource withTraining(Dataset<Row> blocks, List<TaskSettings> tasks) {
    return new ExportSource(this, blocks, tasks);
  }

  private ExportSource(ExportSource other, Dataset<Row> blocks, List<TaskSettings> tasks) {
    this.training = Optional.of(blocks);
    this.taskSettings = Collections.unmodifiableList(new ArrayList<>(tasks));
    this.modelId = other.modelId;
    this.model = other.model;
    this.users = other.users;
    this.items = other.items;
    this.userFields = other.userFields;
    this.itemFields = other.itemFields;
    this.tagField = other.tagField;
    this.vocabulary = other.vocabulary;
    this.ids = other.ids;
  }

  /**
   * The samples that the model has learned from.
   *
   * @throws IllegalStateException if there are none
   */
  Dataset<Row> training() {
    return training.orElseThrow(
        () -> new IllegalStateException("Cannot weigh items: the source has no training samples."));
  }

  /** The tasks as they choose rows of {@link #training}. */
  List<TaskSettings> taskSettings() {
    return taskSettings;
  }

  /** Whether items have fields beside their tags, and their weights can be told. */
  boolean hasWeighedItems() {
    return itemFields.size() > 1 && training.isPresent();
  }

  String tagField() {
    return tagField;
  }

  /** Place in the vocabulary of each id of the tag field up to the last tag's; -1 where none. */
  int[] tagOfId() {
    int[] tagOfId = new int[Arrays.stream(ids).max().orElse(0) + 1];
    Arrays.fill(tagOfId, -1);
    for (int tag = 0; tag < ids.length; tag++) {
      tagOfId[ids[tag]] = tag;
    }
    return tagOfId;
  }

  String modelId() {
    return modelId;
  }

  ScoringModel model() {
    return model;
  }

  Dataset<Row> users() {
    return users;
  }

  Dataset<Row> items() {
    return items;
  }

  List<String> vocabulary() {
    return vocabulary;
  }

  /**
   * One user without a value in any field, which a model reads as unknown: what training makes of a
   * user whom it hides.
   */
  Block coldUser() {
    return padded(userFields, 1);
  }

  /**
   * Items that carry one tag each and no value in any other field, which a model reads as unknown:
   * tags {@code from} to {@code to - 1} of the vocabulary.
   */
  Block singleTags(int from, int to) {
    FieldColumn[] columns = new FieldColumn[itemFields.size()];
    for (int i = 0; i < columns.length; i++) {
      boolean tags = itemFields.get(i).equals(tagField);
      columns[i] =
          FieldColumn.single(tags ? Arrays.copyOfRange(ids, from, to) : new int[to - from]);
    }
    return Block.of(itemFields, columns);
  }

  private static Block padded(List<String> fields, int rows) {
    FieldColumn[] columns = new FieldColumn[fields.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = FieldColumn.single(new int[rows]);
    }
    return Block.of(fields, columns);
  }
}
