package io.tagloom.training.trainer;

import io.tagloom.training.models.MvkeParameters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What training gives: the best weights, and how each epoch went. */
public final class TrainedWeights {
  private final MvkeParameters parameters;
  private final List<EpochReport> epochs;
  private final int workers;
  private final int threads;

  TrainedWeights(MvkeParameters parameters, List<EpochReport> epochs, int workers, int threads) {
    this.parameters = parameters;
    this.epochs = Collections.unmodifiableList(new ArrayList<>(epochs));
    this.workers = workers;
    this.threads = threads;
  }

  /** The weights of the best epoch. */
  public MvkeParameters parameters() {
    return parameters;
  }

  /** Epochs in order. */
  public List<EpochReport> epochs() {
    return epochs;
  }

  /** Number of workers. */
  public int workers() {
    return workers;
  }

  /** Compute threads of each. */
  public int threads() {
    return threads;
  }
}
