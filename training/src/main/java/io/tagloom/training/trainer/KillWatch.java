package io.tagloom.training.trainer;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.TaskContext;

/**
 * Interrupts a task that Spark has killed. When one task of a barrier stage fails, Spark marks the
 * others as killed without interrupting them: they would wait for the lost one for a year and keep
 * their slots.
 */
final class KillWatch implements AutoCloseable {
  private static final int PERIOD_MILLIS = 200;

  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(Crew::thread);

  /** Watches the task of the calling thread. */
  KillWatch(TaskContext context) {
    Thread task = Thread.currentThread();
    watch.scheduleWithFixedDelay(
        () -> {
          if (context.isInterrupted()) {
            task.interrupt();
          }
        },
        PERIOD_MILLIS,
        PERIOD_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    watch.shutdownNow();
  }
}
