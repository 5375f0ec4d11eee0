package io.tagloom.training;

import io.tagloom.conf.InputException;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;
import io.tagloom.training.models.Slot;
import io.tagloom.training.models.TableShape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** First weights that continue an earlier model. */
final class WarmStart {
  private WarmStart() {}

  /** New weights with the dense ones of an earlier model and tables at random. */
  static MvkeParameters dense(MvkeShape shape, long seed, ModelBundle earlier) {
    MvkeParameters start = shape.initialize(seed);
    List<Slot> slots = shape.slots();
    List<Slot> before = earlier.shape().slots();
    for (int i = 0; i < Math.max(slots.size(), before.size()); i++) {
      String here = i < slots.size() ? text(slots.get(i)) : "missing";
      String there = i < before.size() ? text(before.get(i)) : "missing";
      if (!here.equals(there)) {
        throw new InputException(
            "Cannot start from model "
                + earlier.info().id()
                + ": its weights have "
                + there
                + " where the settings ask for "
                + here
                + ". Keep the block model and the fields as they were, or set "
                + "training.warm-start = off.");
      }
    }
    System.arraycopy(earlier.parameters().dense(), 0, start.dense(), 0, start.dense().length);
    return start;
  }

  private static String text(Slot slot) {
    return slot.name() + " " + Arrays.toString(slot.dims());
  }

  /**
   * As {@link #dense}, with the rows of the earlier tables. Rows that a grown vocabulary has added
   * start at random, and so do those whose id now means another value.
   *
   * @param reset such ids by field name
   */
  static MvkeParameters all(
      MvkeShape shape, long seed, ModelBundle earlier, Map<String, int[]> reset) {
    MvkeParameters start = dense(shape, seed, earlier);
    for (int t = 0; t < shape.tables().size(); t++) {
      TableShape table = shape.tables().get(t);
      int before = table(earlier.shape(), table);
      if (before >= 0) {
        copy(table, start.table(t), earlier.parameters().table(before), reset);
      }
    }
    return start;
  }

  private static void copy(TableShape table, float[] into, float[] from, Map<String, int[]> reset) {
    float[] fresh = into.clone();
    System.arraycopy(from, 0, into, 0, Math.min(from.length, into.length));
    for (int id : reset.getOrDefault(table.name(), new int[0])) {
      System.arraycopy(fresh, id * table.width(), into, id * table.width(), table.width());
    }
  }

  /** Place of the table of the same field and width in another shape, or -1. */
  private static int table(MvkeShape shape, TableShape table) {
    for (int t = 0; t < shape.tables().size(); t++) {
      TableShape other = shape.tables().get(t);
      if (other.name().equals(table.name())
          && other.side() == table.side()
          && other.width() == table.width()) {
        return t;
      }
    }
    return -1;
  }
}
