package io.tagloom.training.bench;

import io.tagloom.conf.ModelSettings;
import io.tagloom.conf.ModelSettings.Gate;
import io.tagloom.conf.ModelSettings.Learning;
import io.tagloom.conf.ModelSettings.Pooling;
import io.tagloom.conf.ModelSettings.Projection;
import io.tagloom.conf.ModelSettings.Residual;
import io.tagloom.conf.ModelSettings.Score;
import io.tagloom.conf.ModelSettings.TagTower;
import io.tagloom.conf.SettingsException;
import io.tagloom.conf.TaskSettings;
import io.tagloom.training.models.FieldShape;
import io.tagloom.training.models.MvkeShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Sizes of a step that is measured. Immutable. */
public final class StepSizes {
  private final Map<Size, Integer> values;
  private final List<Integer> hidden;
  private final double clickShare;

  private StepSizes(Map<Size, Integer> values, List<Integer> hidden, double clickShare) {
    this.values = values;
    this.hidden = hidden;
    this.clickShare = clickShare;
  }

  /**
   * The reference shape: 20 fields of 10,000 values, d = A = 16, K = 5, hidden 128, D = 32, 3 tags
   * a row of 20,000, batch 8192, two tasks, 10 % of the rows clicked.
   */
  public static StepSizes reference() {
    Map<Size, Integer> values = new EnumMap<>(Size.class);
    for (Size size : Size.values()) {
      values.put(size, size.reference());
    }
    values.put(Size.THREADS, Runtime.getRuntime().availableProcessors());
    return new StepSizes(values, Arrays.asList(128), 0.1);
  }

  /**
   * These sizes with one of them changed.
   *
   * @throws SettingsException if the value is out of range
   */
  public StepSizes with(Size size, int value) {
    if (value < size.least() || value > size.most()) {
      throw new SettingsException(
          "Invalid --"
              + size.label()
              + ": "
              + value
              + "; expected "
              + size.least()
              + " to "
              + size.most()
              + ".");
    }
    Map<Size, Integer> changed = new EnumMap<>(values);
    changed.put(
        size,
        size == Size.THREADS && value == 0 ? Runtime.getRuntime().availableProcessors() : value);
    return new StepSizes(changed, hidden, clickShare);
  }

  /**
   * These sizes with other hidden layers of the expert networks.
   *
   * @throws SettingsException if a layer has no unit
   */
  public StepSizes withHidden(List<Integer> widths) {
    for (int width : widths) {
      if (width < 1 || width > 1 << 16) {
        throw new SettingsException("Invalid --hidden: " + width + "; expected 1 to 65536.");
      }
    }
    return new StepSizes(values, new ArrayList<>(widths), clickShare);
  }

  /**
   * These sizes with another share of clicked rows: the rows of every task but the first.
   *
   * @throws SettingsException if it is no share
   */
  public StepSizes withClickShare(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new SettingsException("Invalid --click-share: " + share + "; expected 0 to 1.");
    }
    return new StepSizes(values, hidden, share);
  }

  /** One of the sizes. */
  public int of(Size size) {
    return values.get(size);
  }

  List<Integer> hidden() {
    return hidden;
  }

  double clickShare() {
    return clickShare;
  }

  /**
   * The model in the form of the paper, with these sizes: sigmoid projections, fields side by side,
   * no residual, a projected gate, cosine times 5.
   *
   * @throws SettingsException if there are more tasks than kernels
   */
  public MvkeShape paper() {
    return shape(
        ModelSettings.builder()
            .projection(Projection.SIGMOID)
            .pooling(Pooling.CONCAT)
            .residual(Residual.OFF)
            .gate(Gate.PROJECTED)
            .tagTower(TagTower.PER_TASK)
            .score(Score.COSINE)
            .scale(Learning.FIXED, 5)
            .bias(Learning.FIXED, 0)
            .dropout(0, 0, 0)
            .build());
  }

  /**
   * A model with the switches of some settings and these sizes.
   *
   * @throws SettingsException if there are more tasks than kernels, or a size does not fit a switch
   */
  public MvkeShape shape(ModelSettings switches) {
    List<FieldShape> fields = new ArrayList<>();
    for (int f = 0; f < of(Size.FIELDS); f++) {
      fields.add(new FieldShape("field" + f, FieldShape.Side.USER, of(Size.VOCABULARY)));
    }
    fields.add(new FieldShape("tags", FieldShape.Side.ITEM, of(Size.TAGS)));
    try {
      return MvkeShape.of(
          switches.toBuilder()
              .dims(of(Size.DIM), of(Size.ATTENTION), of(Size.OUTPUT))
              .kernels(of(Size.KERNELS))
              .expertHidden(hidden.toArray(new Integer[0]))
              .tasks(tasks())
              .build(),
          fields);
    } catch (IllegalArgumentException e) {
      throw new SettingsException(e.getMessage());
    }
  }

  /** The first task learns clicks on every row, the others conversions on clicked rows. */
  private TaskSettings[] tasks() {
    int tasks = of(Size.TASKS);
    int kernels = of(Size.KERNELS);
    if (tasks > kernels) {
      throw new SettingsException(
          "Invalid --tasks: " + tasks + "; expected at most --kernels, " + kernels + ".");
    }
    int shared = tasks == 2 ? 2 : kernels >= 2 * tasks - 1 ? 1 : 0;
    TaskSettings[] all = new TaskSettings[tasks];
    for (int t = 0; t < tasks; t++) {
      int from = t == 0 ? 0 : Math.max(t, cut(t) - shared);
      List<Integer> own = new ArrayList<>();
      for (int k = from; k < cut(t + 1); k++) {
        own.add(k);
      }
      Integer[] kernel = own.toArray(new Integer[0]);
      all[t] =
          t == 0
              ? TaskSettings.of("ctr", "click", TaskSettings.ALL_ROWS, kernel)
              : TaskSettings.of(t == 1 ? "cvr" : "cvr" + t, "conversion", "click", kernel);
    }
    return all;
  }

  private int cut(int task) {
    int tasks = of(Size.TASKS);
    return (task * of(Size.KERNELS) + tasks - 1) / tasks;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    values.forEach(
        (size, value) -> text.append(size.label()).append(' ').append(value).append(", "));
    return text.append(String.format(Locale.ROOT, "hidden %s, click-share %s", hidden, clickShare))
        .toString();
  }
}
