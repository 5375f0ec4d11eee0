package io.tagloom.training.models;

import io.tagloom.conf.TaskSettings;
import java.util.Arrays;

/** Which tasks the rows of a tile belong to, and which kernels those tasks read. */
final class ActiveTasks {
  private final MvkeShape shape;
  private final int[][] kernelsOf;
  private final boolean[] tasks;
  private final boolean[] towers;
  private final boolean[] kernels;

  /** Everything is active at first. */
  ActiveTasks(MvkeShape shape) {
    this.shape = shape;
    this.kernelsOf = new int[shape.tasks()][];
    for (int t = 0; t < kernelsOf.length; t++) {
      kernelsOf[t] = shape.kernels(t);
    }
    this.tasks = new boolean[shape.tasks()];
    this.towers = new boolean[shape.tagTowers()];
    this.kernels = new boolean[shape.model().kernels()];
    all();
  }

  /** Makes everything active: logits are asked for of every task. */
  void all() {
    Arrays.fill(tasks, true);
    Arrays.fill(towers, true);
    Arrays.fill(kernels, true);
  }

  /** Looks at the row weights of a tile; tells whether any task is active. */
  boolean look(Batch batch, int row, int n) {
    Arrays.fill(tasks, false);
    Arrays.fill(towers, false);
    Arrays.fill(kernels, false);
    boolean any = false;
    for (int t = 0; t < tasks.length; t++) {
      if (anyWeight(batch.rowWeights(t), row, n)) {
        any = true;
        activate(t);
        TaskSettings task = shape.model().tasks().get(t);
        if (task.loss() == TaskSettings.Loss.ENTIRE_SPACE) {
          activate(shape.model().taskIndex(task.given()));
        }
      }
    }
    return any;
  }

  private static boolean anyWeight(float[] weights, int row, int n) {
    for (int r = row; r < row + n; r++) {
      if (weights[r] != 0) {
        return true;
      }
    }
    return false;
  }

  private void activate(int task) {
    tasks[task] = true;
    towers[shape.tagTower(task)] = true;
    for (int k : kernelsOf[task]) {
      kernels[k] = true;
    }
  }

  boolean task(int t) {
    return tasks[t];
  }

  /** Number of active tasks. */
  int tasks() {
    int count = 0;
    for (boolean task : tasks) {
      count += task ? 1 : 0;
    }
    return count;
  }

  boolean tower(int t) {
    return towers[t];
  }

  boolean kernel(int k) {
    return kernels[k];
  }

  /** The first active kernel. */
  int firstKernel() {
    int first = 0;
    while (!kernels[first]) {
      first++;
    }
    return first;
  }

  /** The position after the last active kernel. */
  int endKernel() {
    int end = kernels.length;
    while (!kernels[end - 1]) {
      end--;
    }
    return end;
  }
}
