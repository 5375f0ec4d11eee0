package io.tagloom.export;

import io.tagloom.conf.TaskSettings;
import io.tagloom.export.scoring.ScoreKind;
import io.tagloom.export.scoring.ScoredTask;
import io.tagloom.features.blocks.Block;
import io.tagloom.training.models.MvkeScorer;
import io.tagloom.training.models.ScorerTask;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A trained MVKE; every thread scores with buffers of its own over the same weights. */
final class TrainedModel implements ScoringModel {
  private static final long serialVersionUID = 1L;

  private final MvkeScorer scorer;
  private final List<ScoredTask> tasks;
  private transient ThreadLocal<MvkeScorer> scorers;

  TrainedModel(MvkeScorer scorer) {
    this.scorer = scorer;
    List<ScoredTask> list = new ArrayList<>();
    for (ScorerTask task : scorer.tasks()) {
      ScoreKind kind = ScoreKind.valueOf(task.score().name());
      list.add(new ScoredTask(task.name(), task.kernels(), task.scale(), task.bias(), kind));
    }
    this.tasks = Collections.unmodifiableList(list);
  }

  private TrainedModel(MvkeScorer scorer, List<ScoredTask> tasks) {
    this.scorer = scorer;
    this.tasks = Collections.unmodifiableList(new ArrayList<>(tasks));
  }

  /**
   * The model with probabilities for users and items whose context is not known: means over that of
   * training rows, where the model has context fields.
   *
   * @param sample training rows in an order of chance
   */
  static TrainedModel of(MvkeScorer scorer, List<TaskSettings> tasks, Optional<Block> sample) {
    return sample.isPresent() && !scorer.contextFields().isEmpty()
        ? new TrainedModel(scorer, ContextShift.tasks(scorer, tasks, sample.get()))
        : new TrainedModel(scorer);
  }

  @Override
  public int kernels() {
    return scorer.kernels();
  }

  @Override
  public int outputDim() {
    return scorer.outputDim();
  }

  @Override
  public List<ScoredTask> tasks() {
    return tasks;
  }

  @Override
  public void experts(Block users, float[] out) {
    own().experts(users, out);
  }

  @Override
  public void tags(Block items, int task, float[] vectors, float[] gates) {
    own().tags(items, task, vectors, gates);
  }

  private MvkeScorer own() {
    ThreadLocal<MvkeScorer> mine;
    synchronized (this) {
      if (scorers == null) {
        scorers = ThreadLocal.withInitial(scorer::copy);
      }
      mine = scorers;
    }
    return mine.get();
  }
}
