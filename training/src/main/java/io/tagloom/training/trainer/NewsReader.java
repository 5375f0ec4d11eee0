package io.tagloom.training.trainer;

import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Asks for news of a run several times a second and tells the listener. */
final class NewsReader implements AutoCloseable {
  private static final int PERIOD_MILLIS = 250;

  private final ProgressBoard board;
  private final TrainListener listener;
  private final ScheduledExecutorService poller =
      Executors.newSingleThreadScheduledExecutor(Crew::thread);

  NewsReader(String run, TrainListener listener) {
    this.board = new ProgressBoard(run);
    this.listener = listener;
    poller.scheduleWithFixedDelay(this::read, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void read() {
    for (Optional<Object> news = board.read(); news.isPresent(); news = board.read()) {
      if (news.get() instanceof EpochReport) {
        listener.epoch((EpochReport) news.get());
      } else if (news.get() instanceof TrainProgress) {
        listener.progress((TrainProgress) news.get());
      }
    }
  }

  /** Reads what is left, once the run has ended. */
  void finish() {
    poller.shutdown();
    try {
      poller.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    read();
  }

  @Override
  public void close() {
    poller.shutdownNow();
    board.clear();
  }
}
