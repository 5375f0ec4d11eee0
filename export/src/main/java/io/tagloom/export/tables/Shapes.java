package io.tagloom.export.tables;

import java.util.List;
import java.util.Map;

/** The columns of each kind of record, in the order of its schema. */
final class Shapes {
  private Shapes() {}

  static void profile(UserProfile profile, Columns columns) {
    columns.text("user_id", 0, profile.userId());
    columns.text("dt", 1, profile.date());
    ranked("interests", 2, profile.interests(), columns);
    ranked("intentions", 3, profile.intentions(), columns);
    ranked("tags", 4, profile.tags(), columns);
    columns.text("model_id", 5, profile.modelId());
  }

  private static void ranked(String name, int index, List<RankedTag> list, Columns columns) {
    columns.groups(
        name,
        index,
        list.size(),
        i -> {
          RankedTag entry = list.get(i);
          columns.text("tag", 0, entry.tag());
          columns.number("score", 1, entry.score());
          columns.number("probability", 2, entry.probability());
          columns.number("rank", 3, entry.rank());
        });
  }

  static void vectors(UserVectors user, Columns columns) {
    columns.text("user_id", 0, user.userId());
    columns.matrix("experts", 1, user.experts(), user.offset(), user.kernels(), user.outputDim());
  }

  static void gates(String key, Gates gates, Columns columns) {
    columns.text(key, 0, gates.key());
    columns.text("task", 1, gates.task());
    columns.floats("vector", 2, gates.vector(), 0, gates.vector().length);
    columns.floats("gate", 3, gates.gate(), 0, gates.gate().length);
    columns.integers("kernels", 4, gates.kernels());
    if (gates.annVector().length > 0) {
      columns.floats("ann_vector", 5, gates.annVector(), 0, gates.annVector().length);
    }
    columns.number("scale", 6, gates.scale());
    columns.number("bias", 7, gates.bias());
  }

  static void number(String date, Map.Entry<String, Double> entry, Columns columns) {
    columns.text("dt", 0, date);
    columns.text("name", 1, entry.getKey());
    columns.number("value", 2, entry.getValue().doubleValue());
  }

  static void text(Map.Entry<String, String> entry, Columns columns) {
    columns.text("name", 0, entry.getKey());
    columns.text("value", 1, entry.getValue());
  }

  static void fingerprint(Map.Entry<String, Long> entry, Columns columns) {
    columns.text("user_id", 0, entry.getKey());
    columns.number("fingerprint", 1, entry.getValue().longValue());
  }
}
