package io.tagloom.conf;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One task of the model: an entry of {@code model.tasks}. Immutable. */
public final class TaskSettings implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The value of {@link #rows()} of a task that learns from every sample. */
  public static final String ALL_ROWS = "all";

  /** What is averaged into the task's loss. */
  public enum Loss {
    /** Binary cross-entropy of the task's own probability over the task's rows. */
    ROWS,
    /**
     * Binary cross-entropy of the product of this task's probability and that of {@link #given()},
     * over all rows (entire-space model, Ma et al. 2018).
     */
    ENTIRE_SPACE
  }

  /** What happens to samples whose conversion window is still open. */
  public enum Immature {
    /**
     * They are not rows of the task, whether they have converted or not: the early conversions
     * alone would say that nobody of the last days fails to convert.
     */
    DROP,
    /** They are rows of the task; those that have not converted yet count as negative. */
    KEEP
  }

  private final String name;
  private final String label;
  private final String rows;
  private final List<Integer> kernels;
  private final double weight;
  private final Loss loss;
  private final String given;
  private final Immature immature;

  /**
   * A task.
   *
   * @param name name of the task, used in columns and weights
   * @param label label column that is learned
   * @param rows {@code all}, or the label column that must be 1 for a sample to be a row of the
   *     task
   * @param kernels 0-based numbers of the virtual kernels the task reads
   * @param weight factor of the task's loss, 0 or more
   * @param loss what is averaged
   * @param given for {@link Loss#ENTIRE_SPACE} the task whose probability is the other factor; else
   *     empty
   * @param immature what happens to immature samples
   */
  public TaskSettings(
      String name,
      String label,
      String rows,
      List<Integer> kernels,
      double weight,
      Loss loss,
      String given,
      Immature immature) {
    this.name = name;
    this.label = label;
    this.rows = rows;
    this.kernels = Collections.unmodifiableList(new ArrayList<>(kernels));
    this.weight = weight;
    this.loss = loss;
    this.given = given;
    this.immature = immature;
  }

  /** A task over some rows with weight 1 that drops immature samples. */
  public static TaskSettings of(String name, String label, String rows, Integer... kernels) {
    List<Integer> list = new ArrayList<>();
    Collections.addAll(list, kernels);
    return new TaskSettings(name, label, rows, list, 1.0, Loss.ROWS, "", Immature.DROP);
  }

  static TaskSettings read(SettingsReader reader) {
    Immature immature =
        reader.has("immature") ? reader.choice("immature", Immature.class) : Immature.DROP;
    return new TaskSettings(
        name(reader),
        reader.requiredText("label"),
        reader.has("rows") ? reader.requiredText("rows") : ALL_ROWS,
        reader.integers("kernels", 0, ModelSettings.MOST_KERNELS - 1),
        reader.has("weight") ? reader.number("weight", 0, 1e6) : 1.0,
        reader.has("loss") ? reader.choice("loss", Loss.class) : Loss.ROWS,
        reader.has("given") ? reader.requiredText("given") : "",
        immature);
  }

  /** A name that columns, files and folders are named after. */
  private static String name(SettingsReader reader) {
    String name = reader.requiredText("name");
    if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_-]{0,63}")) {
      reader.fault("name", name, "1 to 64 letters, digits, _ and -, the first no -");
    }
    return name;
  }

  /** The same task under another loss. */
  public TaskSettings with(Loss other, String otherGiven) {
    return new TaskSettings(name, label, rows, kernels, weight, other, otherGiven, immature);
  }

  /** The same task with another loss weight. */
  public TaskSettings withWeight(double other) {
    return new TaskSettings(name, label, rows, kernels, other, loss, given, immature);
  }

  /** Name of the task. */
  public String name() {
    return name;
  }

  /** Label column that is learned. */
  public String label() {
    return label;
  }

  /** {@link #ALL_ROWS}, or the label column that must be 1 for a sample to be a row of the task. */
  public String rows() {
    return rows;
  }

  /** 0-based numbers of the virtual kernels the task reads. */
  public List<Integer> kernels() {
    return kernels;
  }

  /** Factor of the task's loss, 0 or more. */
  public double weight() {
    return weight;
  }

  /** What is averaged into the loss. */
  public Loss loss() {
    return loss;
  }

  /** For an entire-space loss the task whose probability is the other factor; else empty. */
  public String given() {
    return given;
  }

  /** What happens to immature samples. */
  public Immature immature() {
    return immature;
  }
}
