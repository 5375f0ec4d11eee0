package io.tagloom.training;

import io.tagloom.training.bigdl.TensorBoard;
import io.tagloom.training.trainer.EpochReport;
import io.tagloom.training.trainer.ExpertHealth;
import io.tagloom.training.trainer.TrainListener;
import io.tagloom.training.trainer.TrainNotice;
import io.tagloom.training.trainer.TrainProgress;
import java.util.ArrayList;
import java.util.List;

/** Writes what it is told to TensorBoard's event files, and tells another listener. */
final class SummaryListener implements TrainListener {
  private final TensorBoard board;
  private final TrainListener next;
  private final List<String> tasks;

  /**
   * Listens.
   *
   * @param tasks names of the tasks in order
   */
  SummaryListener(TensorBoard board, List<String> tasks, TrainListener next) {
    this.board = board;
    this.tasks = new ArrayList<>(tasks);
    this.next = next;
  }

  @Override
  public void progress(TrainProgress progress) {
    long step = progress.totalSteps();
    for (int t = 0; t < tasks.size(); t++) {
      board.train("loss/" + tasks.get(t), progress.losses()[t], step);
    }
    board.train("samples_per_second", progress.samplesPerSecond(), step);
    board.train("learning_rate", progress.rate(), step);
    next.progress(progress);
  }

  @Override
  public void epoch(EpochReport epoch) {
    long step = (long) epoch.epoch() * epoch.steps();
    for (EpochReport.Task task : epoch.tasks()) {
      board.train("epoch_loss/" + task.name(), task.loss(), step);
      board.validation("auc/" + task.name(), task.validAuc(), step);
      board.validation("log_loss/" + task.name(), task.validLogLoss(), step);
    }
    ExpertHealth health = epoch.health();
    for (int t = 0; t < tasks.size(); t++) {
      board.validation("gate_entropy/" + tasks.get(t), health.gateEntropy(t), step);
      double[] use = health.kernelUse(t);
      for (int k = 0; k < use.length; k++) {
        board.validation("gate_use/" + tasks.get(t) + "/" + k, use[k], step);
      }
    }
    pairs("kernel_cosine/", health.kernelCosine(), step);
    pairs("expert_cosine/", health.expertCosine(), step);
    next.epoch(epoch);
  }

  private void pairs(String tag, double[][] cosines, long step) {
    for (int i = 0; i < cosines.length; i++) {
      for (int j = 0; j < i; j++) {
        board.validation(tag + j + "-" + i, cosines[i][j], step);
      }
    }
  }

  @Override
  public void notice(TrainNotice notice) {
    next.notice(notice);
  }
}
