package io.tagloom.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StopClockTest {
  private final AtomicLong now = new AtomicLong(5);

  private StopClock clock(int budget, int checkpoint, double before) {
    return new StopClock(new Alone(), budget, checkpoint, before, now::get);
  }

  private void pass(int seconds) {
    now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  @Test
  void aCheckpointIsDueOnceEachTimeItsMinutesHavePassed() {
    StopClock clock = clock(0, 2, 1000);
    clock.tick(32);
    assertThat(clock.checkpointDue()).isFalse();
    pass(121);
    clock.tick(64);
    assertThat(clock.checkpointDue()).isTrue();
    clock.tick(65);
    assertThat(clock.checkpointDue()).isFalse();
    clock.tick(96);
    assertThat(clock.checkpointDue()).isFalse();
    assertThat(clock.over()).isFalse();
  }

  @Test
  void theBudgetCountsTheTimeBeforeAResume() {
    StopClock fresh = clock(2, 0, 0);
    StopClock resumed = clock(2, 0, 100);
    pass(21);
    fresh.tick(32);
    resumed.tick(32);

    assertThat(fresh.over()).isFalse();
    assertThat(resumed.over()).isTrue();
    assertThat(resumed.seconds()).isEqualTo(121.0);
  }
}
