package io.tagloom.training.trainer;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one epoch of training came to. Immutable. */
public final class EpochReport implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Losses and validation metrics of one task. */
  public static final class Task implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final double loss;
    private final long validRows;
    private final double validAuc;
    private final double validLogLoss;

    Task(String name, double loss, long validRows, double validAuc, double validLogLoss) {
      this.name = name;
      this.loss = loss;
      this.validRows = validRows;
      this.validAuc = validAuc;
      this.validLogLoss = validLogLoss;
    }

    /** Name of the task. */
    public String name() {
      return name;
    }

    /** Mean training loss of the epoch in nats, dropout included. */
    public double loss() {
      return loss;
    }

    /** Validation samples of the task. */
    public long validRows() {
      return validRows;
    }

    /** AUC on them; NaN without positives or negatives. */
    public double validAuc() {
      return validAuc;
    }

    /** Log loss on them in nats; NaN without samples. */
    public double validLogLoss() {
      return validLogLoss;
    }
  }

  private final int epoch;
  private final int steps;
  private final long samples;
  private final double seconds;
  private final double stepSeconds;
  private final double updateSeconds;
  private final double rate;
  private final boolean best;
  private final List<Task> tasks;
  private final ExpertHealth health;

  EpochReport(
      int epoch,
      int steps,
      long samples,
      double seconds,
      double stepSeconds,
      double updateSeconds,
      double rate,
      boolean best,
      List<Task> tasks,
      ExpertHealth health) {
    this.health = health;
    this.epoch = epoch;
    this.steps = steps;
    this.samples = samples;
    this.seconds = seconds;
    this.stepSeconds = stepSeconds;
    this.updateSeconds = updateSeconds;
    this.rate = rate;
    this.best = best;
    this.tasks = Collections.unmodifiableList(new ArrayList<>(tasks));
  }

  /** Number of the epoch, from 1. */
  public int epoch() {
    return epoch;
  }

  /** Steps done. */
  public int steps() {
    return steps;
  }

  /** Samples trained on. */
  public long samples() {
    return samples;
  }

  /** Seconds of its steps, validation left out. */
  public double seconds() {
    return seconds;
  }

  /** Of these, seconds of the first worker in forward and backward passes. */
  public double stepSeconds() {
    return stepSeconds;
  }

  /** Of these, seconds of the first worker in exchange and update. */
  public double updateSeconds() {
    return updateSeconds;
  }

  /** Learning rate of its last step. */
  public double rate() {
    return rate;
  }

  /** Whether its weights are the best so far by the validation metric. */
  public boolean best() {
    return best;
  }

  /** Whether the experts have become different from one another. */
  public ExpertHealth health() {
    return health;
  }

  /** Tasks in the model's order. */
  public List<Task> tasks() {
    return tasks;
  }

  /**
   * What early stopping compares: the mean AUC of the tasks that have one; else minus the mean log
   * loss; NaN without validation samples.
   */
  static double metric(List<Task> tasks) {
    double auc = mean(tasks, true);
    return Double.isNaN(auc) ? -mean(tasks, false) : auc;
  }

  private static double mean(List<Task> tasks, boolean auc) {
    return tasks.stream()
        .mapToDouble(task -> auc ? task.validAuc : task.validLogLoss)
        .filter(value -> !Double.isNaN(value))
        .average()
        .orElse(Double.NaN);
  }

  /** Numbers by key, as they stand in a bundle. */
  public Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("epoch", epoch);
    values.put("steps", steps);
    values.put("samples", samples);
    values.put("seconds", seconds);
    values.put("step_seconds", stepSeconds);
    values.put("update_seconds", updateSeconds);
    values.put("samples_per_second", seconds > 0 ? samples / seconds : 0.0);
    values.put("rate", rate);
    values.put("best", best);
    Map<String, Object> byName = new LinkedHashMap<>();
    for (Task task : tasks) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("loss", finite(task.loss));
      one.put("valid_rows", task.validRows);
      one.put("valid_auc", finite(task.validAuc));
      one.put("valid_logloss", finite(task.validLogLoss));
      byName.put(task.name, one);
    }
    values.put("tasks", byName);
    List<String> names = new ArrayList<>(byName.keySet());
    values.put("experts", health.values(names));
    return values;
  }

  private static Object finite(double value) {
    return Double.isNaN(value) || Double.isInfinite(value) ? null : value;
  }

  /** Writes all numbers to the bit, as a checkpoint keeps them. */
  void write(DataOutput out) throws IOException {
    out.writeInt(epoch);
    out.writeInt(steps);
    out.writeLong(samples);
    out.writeDouble(seconds);
    out.writeDouble(stepSeconds);
    out.writeDouble(updateSeconds);
    out.writeDouble(rate);
    out.writeBoolean(best);
    out.writeInt(tasks.size());
    for (Task task : tasks) {
      out.writeUTF(task.name);
      out.writeDouble(task.loss);
      out.writeLong(task.validRows);
      out.writeDouble(task.validAuc);
      out.writeDouble(task.validLogLoss);
    }
    health.write(out);
  }

  /** Reads what {@link #write} has written. */
  static EpochReport read(DataInput in) throws IOException {
    int epoch = in.readInt();
    int steps = in.readInt();
    long samples = in.readLong();
    double seconds = in.readDouble();
    double stepSeconds = in.readDouble();
    double updateSeconds = in.readDouble();
    double rate = in.readDouble();
    boolean best = in.readBoolean();
    List<Task> tasks = new ArrayList<>();
    for (int count = in.readInt(); count > 0; count--) {
      tasks.add(
          new Task(in.readUTF(), in.readDouble(), in.readLong(), in.readDouble(), in.readDouble()));
    }
    return new EpochReport(
        epoch,
        steps,
        samples,
        seconds,
        stepSeconds,
        updateSeconds,
        rate,
        best,
        tasks,
        ExpertHealth.read(in));
  }
}
