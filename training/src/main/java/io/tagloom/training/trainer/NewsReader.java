package io.tagloom.training.trainer;

import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Asks for news of a run several times a second and tells the listener. */
final class NewsReader implements AutoCloseable {
  private static final int PERIOD_MILLIS = 250;

  private static final Logger LOG = LogManager.getLogger("tagloom");

  private final ProgressBoard board;
  private final TrainListener listener;
  private final ScheduledExecutorService poller =
      Executors.newSingleThreadScheduledExecutor(Crew::thread);

  NewsReader(String run, TrainListener listener) {
    this.board = new ProgressBoard(run);
    this.listener = listener;
    poller.scheduleWithFixedDelay(this::poll, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void poll() {
    try {
      read();
    } catch (RuntimeException e) {
      // The executor that held the news may be gone. Spark tells of that itself.
      LOG.warn("Cannot read the progress of training: " + e);
    }
  }

  private void read() {
    for (Optional<Object> news = board.read(); news.isPresent(); news = board.read()) {
      if (news.get() instanceof EpochReport) {
        listener.epoch((EpochReport) news.get());
      } else if (news.get() instanceof TrainProgress) {
        listener.progress((TrainProgress) news.get());
      } else if (news.get() instanceof TrainNotice) {
        listener.notice((TrainNotice) news.get());
      }
    }
  }

  /** Reads what is left, also of a run that has failed, and takes everything down. */
  @Override
  public void close() {
    poller.shutdown();
    try {
      poller.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    poller.shutdownNow();
    poll();
    board.clear();
  }
}
