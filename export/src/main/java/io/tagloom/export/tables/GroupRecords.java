package io.tagloom.export.tables;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.example.data.Group;

/** Records from parquet-mr's example groups. */
final class GroupRecords {
  private static final String LIST = "list";
  private static final String ELEMENT = "element";

  private GroupRecords() {}

  static UserProfile profile(Group group) {
    return new UserProfile(
        group.getString("user_id", 0),
        group.getString("dt", 0),
        ranked(group.getGroup("interests", 0)),
        ranked(group.getGroup("intentions", 0)),
        ranked(group.getGroup("tags", 0)),
        group.getString("model_id", 0));
  }

  private static List<RankedTag> ranked(Group list) {
    List<RankedTag> tags = new ArrayList<>();
    for (int i = 0; i < list.getFieldRepetitionCount(LIST); i++) {
      Group entry = list.getGroup(LIST, i).getGroup(ELEMENT, 0);
      tags.add(
          new RankedTag(
              entry.getString("tag", 0),
              entry.getFloat("score", 0),
              entry.getFloat("probability", 0),
              entry.getInteger("rank", 0)));
    }
    return tags;
  }

  static Gates gates(Group group) {
    Group list = group.getGroup("kernels", 0);
    int[] kernels = new int[list.getFieldRepetitionCount(LIST)];
    for (int i = 0; i < kernels.length; i++) {
      kernels[i] = list.getGroup(LIST, i).getInteger(ELEMENT, 0);
    }
    boolean ann = group.getFieldRepetitionCount("ann_vector") > 0;
    return new Gates(
        group.getString(0, 0),
        group.getString("task", 0),
        floats(group.getGroup("vector", 0)),
        floats(group.getGroup("gate", 0)),
        kernels,
        ann ? floats(group.getGroup("ann_vector", 0)) : new float[0],
        number(group, "scale"),
        number(group, "bias"));
  }

  private static double number(Group group, String column) {
    return group.getType().containsField(column) ? group.getDouble(column, 0) : 0;
  }

  private static float[] floats(Group list) {
    float[] values = new float[list.getFieldRepetitionCount(LIST)];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.getGroup(LIST, i).getFloat(ELEMENT, 0);
    }
    return values;
  }
}
