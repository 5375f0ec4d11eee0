package io.tagloom.training.models;

import io.tagloom.conf.ModelSettings;
import io.tagloom.conf.ModelSettings.ExpertNetwork;
import io.tagloom.conf.ModelSettings.Gate;
import io.tagloom.conf.ModelSettings.Learning;
import io.tagloom.conf.ModelSettings.Pooling;
import io.tagloom.conf.ModelSettings.Residual;
import io.tagloom.conf.ModelSettings.TagTower;
import io.tagloom.conf.ModelSettings.TaskWeights;
import io.tagloom.conf.TaskSettings;
import io.tagloom.training.layers.Hiding;
import io.tagloom.training.models.FieldShape.Side;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model is made of: its settings, its fields with their vocabulary sizes, and where each
 * weight lies. Immutable.
 *
 * <p>Dense weights, in this order (dimensions with the last running fastest):
 *
 * <ul>
 *   <li>{@code kernel} [K, d], the virtual kernels
 *   <li>{@code expert.query.weight} [A, d] and {@code .bias} [A]; {@code expert.key.weight} [A, d],
 *       {@code expert.value.weight} [A, d], {@code expert.key.bias} [A], {@code expert.value.bias}
 *       [A]
 *   <li>with residual {@code norm.weight} [A] and {@code norm.bias} [A]
 *   <li>per expert k and layer i {@code expert.k.layer.i.weight} [in, out] and {@code .bias} [out];
 *       the input of layer 0 is ordered [A, F] when fields are concatenated, [A] when summed
 *   <li>with deepfm {@code expert.k.factor.weight} [A, D]
 *   <li>per tag tower {@code tag.TASK.layer.i.weight} [in, out] and {@code .bias} [out]; a shared
 *       tower is named {@code tag.shared}; the input is ordered [I, d]
 *   <li>with a projected gate {@code gate.query.weight} [A, D], {@code gate.query.bias} [A], {@code
 *       gate.key.weight} [A, d], {@code gate.key.bias} [A]
 *   <li>{@code scale} [T] and {@code bias} [T] where learned, and with learned task weights {@code
 *       uncertainty} [T] (the logarithm of each task's variance)
 * </ul>
 */
public final class MvkeShape implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ModelSettings model;
  private final List<TableShape> tables;
  private final int userFields;
  private final int itemFields;
  private final int contextFields;
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private int denseSize;

  private MvkeShape(ModelSettings model, List<FieldShape> fields) {
    this.model = model;
    List<TableShape> ordered = new ArrayList<>();
    this.userFields = addTables(ordered, fields, Side.USER, model.embeddingDim());
    this.itemFields = addTables(ordered, fields, Side.ITEM, model.embeddingDim());
    this.contextFields = addTables(ordered, fields, Side.CONTEXT, model.tasks().size());
    this.tables = Collections.unmodifiableList(ordered);
    if (userFields == 0 || itemFields == 0) {
      throw new IllegalArgumentException(
          "Invalid fields: "
              + userFields
              + " of users and "
              + itemFields
              + " of items; expected at least one of each.");
    }
    addExperts();
    addTags();
    addHeads();
  }

  /**
   * The shape of a model.
   *
   * @param model switches, sizes and tasks
   * @param fields all fields; the first of side item holds the tags
   * @throws IllegalArgumentException if there is no user field or no item field
   */
  public static MvkeShape of(ModelSettings model, List<FieldShape> fields) {
    return new MvkeShape(model, fields);
  }

  private static int addTables(
      List<TableShape> into, List<FieldShape> fields, Side side, int width) {
    int count = 0;
    for (FieldShape field : fields) {
      if (field.side() == side) {
        into.add(new TableShape(field.name(), side, field.role(), field.rows(), width));
        count++;
      }
    }
    return count;
  }

  private void addExperts() {
    int d = model.embeddingDim();
    int a = model.attentionDim();
    add("kernel", model.kernels(), d);
    add("expert.query.weight", a, d);
    add("expert.query.bias", a);
    // Key and value lie side by side: one product computes both.
    add("expert.key.weight", a, d);
    add("expert.value.weight", a, d);
    add("expert.key.bias", a);
    add("expert.value.bias", a);
    if (model.residual() == Residual.ON) {
      add("norm.weight", a);
      add("norm.bias", a);
    }
    for (int k = 0; k < model.kernels(); k++) {
      addLayers("expert." + k, attendedWidth(), model.expertHidden(), model.outputDim());
      if (model.expertNetwork() == ExpertNetwork.DEEPFM) {
        add("expert." + k + ".factor.weight", a, model.outputDim());
      }
    }
  }

  private void addTags() {
    for (int tower = 0; tower < tagTowers(); tower++) {
      int in = itemFields * model.embeddingDim();
      addLayers("tag." + tagTowerName(tower), in, model.tagHidden(), model.outputDim());
    }
  }

  private void addHeads() {
    int tasks = model.tasks().size();
    if (model.gate() == Gate.PROJECTED) {
      add("gate.query.weight", model.attentionDim(), model.outputDim());
      add("gate.query.bias", model.attentionDim());
      add("gate.key.weight", model.attentionDim(), model.embeddingDim());
      add("gate.key.bias", model.attentionDim());
    }
    if (model.scaleLearning() == Learning.LEARNED) {
      add("scale", tasks);
    }
    if (model.biasLearning() == Learning.LEARNED) {
      add("bias", tasks);
    }
    if (model.taskWeights() == TaskWeights.UNCERTAINTY) {
      add("uncertainty", tasks);
    }
  }

  private void addLayers(String prefix, int in, List<Integer> hidden, int out) {
    List<Integer> widths = new ArrayList<>(hidden);
    widths.add(out);
    int width = in;
    for (int i = 0; i < widths.size(); i++) {
      // The bias is the weights' last row: the product with an input of 1 adds it.
      add(prefix + ".layer." + i + ".weight", width, widths.get(i));
      add(prefix + ".layer." + i + ".bias", widths.get(i));
      width = widths.get(i);
    }
  }

  private void add(String name, int... dims) {
    Slot slot = new Slot(name, denseSize, dims);
    slots.put(name, slot);
    denseSize = Math.addExact(denseSize, slot.size());
  }

  /** Switches, sizes and tasks. */
  public ModelSettings model() {
    return model;
  }

  /** Tables: those of user fields, then item fields (the tags first), then context fields. */
  public List<TableShape> tables() {
    return tables;
  }

  /** With what else of its row a table's ids are hidden in training. */
  Hiding hiding(int table) {
    TableShape shape = tables.get(table);
    if (shape.side() == Side.CONTEXT || table == userFields) {
      return Hiding.NEVER;
    }
    if (shape.side() == Side.ITEM) {
      return Hiding.ITEM;
    }
    switch (shape.role()) {
      case IDENTITY:
        return Hiding.IDENTITY;
      case HISTORY:
        return Hiding.HISTORY;
      default:
        return Hiding.USER;
    }
  }

  /** Whether training reads the unknown row of a table in the place of other rows. */
  boolean masks(int table) {
    Hiding hiding = hiding(table);
    boolean ofUser = hiding == Hiding.IDENTITY || hiding == Hiding.USER;
    return model.dropoutId() > 0
        || ofUser && model.dropoutUser() > 0
        || hiding == Hiding.ITEM && model.dropoutItem() > 0;
  }

  /** Number of user fields (F); their tables are 0 to F - 1. */
  public int userFields() {
    return userFields;
  }

  /** Number of item fields (I); their tables are F to F + I - 1. */
  public int itemFields() {
    return itemFields;
  }

  /** Number of context fields; their tables come last. */
  public int contextFields() {
    return contextFields;
  }

  /** Number of tasks (T). */
  public int tasks() {
    return model.tasks().size();
  }

  /** Kernels of a task as an array. */
  public int[] kernels(int task) {
    TaskSettings settings = model.tasks().get(task);
    int[] kernels = new int[settings.kernels().size()];
    for (int i = 0; i < kernels.length; i++) {
      kernels[i] = settings.kernels().get(i);
    }
    return kernels;
  }

  /** Width of the input of an expert network: F * A, or A when fields are summed. */
  public int attendedWidth() {
    return model.attentionDim() * (model.pooling() == Pooling.CONCAT ? userFields : 1);
  }

  /** Number of tag towers: one, or one per task. */
  public int tagTowers() {
    return model.tagTower() == TagTower.SHARED ? 1 : model.tasks().size();
  }

  /** Position of a task's tag tower. */
  public int tagTower(int task) {
    return model.tagTower() == TagTower.SHARED ? 0 : task;
  }

  private String tagTowerName(int tower) {
    return model.tagTower() == TagTower.SHARED ? "shared" : model.tasks().get(tower).name();
  }

  /** Slots of the dense weights, in order. */
  public List<Slot> slots() {
    return Collections.unmodifiableList(new ArrayList<>(slots.values()));
  }

  /** Whether there is a slot of a name. */
  public boolean hasSlot(String name) {
    return slots.containsKey(name);
  }

  /**
   * A slot by name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Slot slot(String name) {
    Slot slot = slots.get(name);
    if (slot == null) {
      throw new IllegalArgumentException(
          "Invalid slot: " + name + "; expected one of " + slots.keySet() + ".");
    }
    return slot;
  }

  /** Offset of the first layer of a tag tower. */
  int tagOffset(int tower) {
    return slot("tag." + tagTowerName(tower) + ".layer.0.weight").offset();
  }

  /** Number of dense weights. */
  public int denseSize() {
    return denseSize;
  }

  /**
   * Weights to start training from.
   *
   * @param seed the run's seed; the same seed and shape give the same weights everywhere
   */
  public MvkeParameters initialize(long seed) {
    return MvkeStart.initialize(this, seed);
  }

  /**
   * The first weights of one embedding row. They depend on seed, field name and row alone, so that
   * a row added to a grown vocabulary starts the same everywhere.
   *
   * @param into receives {@code width} numbers from {@code offset}
   */
  public void initializeRow(long seed, int table, int row, float[] into, int offset) {
    MvkeStart.row(this, seed, table, row, into, offset);
  }
}
