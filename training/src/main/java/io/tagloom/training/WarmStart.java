package io.tagloom.training;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.tagloom.conf.InputException;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;
import io.tagloom.training.models.Slot;
import io.tagloom.training.models.TableShape;
import io.tagloom.training.trainer.StartWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** First weights that continue an earlier model. */
final class WarmStart {
  private WarmStart() {}

  /** Settings of a model that say how it is trained or starts, not what its weights mean. */
  private static final List<String> FREE =
      Arrays.asList("dropout", "start", "load-balance", "scale.start", "bias.start");

  /** New weights with the dense ones of an earlier model and tables at random. */
  static StartWeights dense(MvkeShape shape, String modelJson, long seed, ModelBundle earlier) {
    MvkeParameters start = weights(shape, modelJson, seed, earlier);
    BitSet[] fresh = new BitSet[shape.tables().size()];
    for (int t = 0; t < fresh.length; t++) {
      fresh[t] = new BitSet();
      fresh[t].set(0, shape.tables().get(t).rows());
    }
    return new StartWeights(start, fresh);
  }

  private static MvkeParameters weights(
      MvkeShape shape, String modelJson, long seed, ModelBundle earlier) {
    requireSameShape(shape, earlier);
    requireSameMeaning(shape, modelJson, earlier);
    MvkeParameters start = shape.initialize(seed);
    System.arraycopy(earlier.parameters().dense(), 0, start.dense(), 0, start.dense().length);
    return start;
  }

  private static void requireSameShape(MvkeShape shape, ModelBundle earlier) {
    List<Slot> slots = shape.slots();
    List<Slot> before = earlier.shape().slots();
    for (int i = 0; i < Math.max(slots.size(), before.size()); i++) {
      String here = i < slots.size() ? text(slots.get(i)) : "missing";
      String there = i < before.size() ? text(before.get(i)) : "missing";
      if (!here.equals(there)) {
        throw refused(earlier, "its weights have " + there, here);
      }
    }
  }

  /** Weights of the same sizes can mean something else: fields in another order, another score. */
  private static void requireSameMeaning(MvkeShape shape, String modelJson, ModelBundle earlier) {
    String fields = fields(shape);
    if (!fields.equals(fields(earlier.shape()))) {
      throw refused(earlier, "its fields are " + fields(earlier.shape()), fields);
    }
    Config here = meaning(modelJson);
    Config there = meaning(earlier.info().modelJson());
    for (Map.Entry<String, ConfigValue> entry : here.entrySet()) {
      String key = entry.getKey();
      // A setting that the earlier model does not know came later, with a default that keeps it.
      if (there.hasPath(key) && !text(here, key).equals(text(there, key))) {
        throw refused(earlier, "its model." + key + " is " + text(there, key), text(here, key));
      }
    }
  }

  private static String fields(MvkeShape shape) {
    List<String> names = new ArrayList<>();
    for (TableShape table : shape.tables()) {
      names.add(table.name() + " (" + table.side().name().toLowerCase(Locale.ROOT) + ")");
    }
    return String.join(", ", names);
  }

  /** The settings that say what weights mean. */
  private static Config meaning(String modelJson) {
    Config model = ConfigFactory.parseString(modelJson);
    for (String key : FREE) {
      model = model.withoutPath(key);
    }
    List<Object> tasks = new ArrayList<>();
    for (Config task : model.getConfigList("tasks")) {
      tasks.add(task.withoutPath("weight").withoutPath("immature").root().unwrapped());
    }
    return model.withValue("tasks", ConfigValueFactory.fromIterable(tasks));
  }

  private static String text(Config config, String key) {
    return config.getValue(key).render(ConfigRenderOptions.concise());
  }

  private static InputException refused(ModelBundle earlier, String found, String expected) {
    return new InputException(
        "Cannot start from model "
            + earlier.info().id()
            + ": "
            + found
            + " where the settings ask for "
            + expected
            + ". Keep the block model and the fields as they were, or set "
            + "training.warm-start = off.");
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
  static StartWeights all(
      MvkeShape shape, String modelJson, long seed, ModelBundle earlier, Map<String, int[]> reset) {
    MvkeParameters start = weights(shape, modelJson, seed, earlier);
    BitSet[] fresh = new BitSet[shape.tables().size()];
    for (int t = 0; t < fresh.length; t++) {
      TableShape table = shape.tables().get(t);
      float[] from = earlier.parameters().table(table(earlier.shape(), table));
      fresh[t] = copy(table, start.table(t), from, reset);
    }
    return new StartWeights(start, fresh);
  }

  /** Copies the rows that go on; returns those that do not. */
  private static BitSet copy(
      TableShape table, float[] into, float[] from, Map<String, int[]> reset) {
    float[] random = into.clone();
    int width = table.width();
    System.arraycopy(from, 0, into, 0, Math.min(from.length, into.length));
    BitSet fresh = new BitSet();
    fresh.set(Math.min(from.length / width, table.rows()), table.rows());
    for (int id : reset.getOrDefault(table.name(), new int[0])) {
      System.arraycopy(random, id * width, into, id * width, width);
      fresh.set(id);
    }
    return fresh;
  }

  /** Place of a table in another shape, which has one of the same name. */
  private static int table(MvkeShape shape, TableShape table) {
    for (int t = 0; t < shape.tables().size(); t++) {
      TableShape other = shape.tables().get(t);
      if (other.name().equals(table.name()) && other.side() == table.side()) {
        return t;
      }
    }
    throw new IllegalStateException("No table " + table.name() + " in the earlier model");
  }
}
