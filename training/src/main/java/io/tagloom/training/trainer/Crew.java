package io.tagloom.training.trainer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The compute threads of one worker. Work is dealt by thread number, never by who is free, so that
 * sums do not depend on timing.
 */
final class Crew implements AutoCloseable {
  /** What one thread does. */
  interface Part {
    /** Does the part of thread {@code thread}, 0 to {@code size - 1}. */
    void run(int thread) throws Exception;
  }

  private final int size;
  private final ExecutorService others;

  Crew(int size) {
    this.size = size;
    this.others = Executors.newFixedThreadPool(Math.max(1, size - 1), Crew::thread);
  }

  static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "tagloom-compute");
    thread.setDaemon(true);
    return thread;
  }

  int size() {
    return size;
  }

  /** Runs every part and waits for all; the first failure by thread number is thrown. */
  void run(Part part) {
    List<Future<?>> running = new ArrayList<>();
    for (int i = 1; i < size; i++) {
      int thread = i;
      running.add(
          others.submit(
              () -> {
                part.run(thread);
                return null;
              }));
    }
    RuntimeException failure = null;
    try {
      part.run(0);
    } catch (Exception e) {
      failure = unchecked(e);
    }
    for (Future<?> other : running) {
      try {
        other.get();
      } catch (ExecutionException e) {
        failure = failure == null ? unchecked(e.getCause()) : failure;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Cannot finish the step: the task was stopped.", e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  static RuntimeException unchecked(Throwable e) {
    return e instanceof RuntimeException
        ? (RuntimeException) e
        : new IllegalStateException(e.getMessage(), e);
  }

  @Override
  public void close() {
    others.shutdownNow();
  }
}
