package io.tagloom.training.trainer;

import java.util.function.LongSupplier;

/**
 * When a run's time is over and when a checkpoint is due by time. The first worker's clock decides
 * for all.
 */
final class StopClock {
  private static final int STEPS_BETWEEN_LOOKS = 32;
  private static final long MINUTE_NANOS = 60_000_000_000L;
  private static final int LATE = 1;
  private static final int SAVE = 2;

  private final Peers peers;
  private final LongSupplier nanos;
  private final int budgetMinutes;
  private final int checkpointMinutes;
  private final long start;
  private long saved;
  private int seen;

  /**
   * Starts the clock.
   *
   * @param budgetMinutes 0 is no limit
   * @param checkpointMinutes 0 is never
   * @param secondsBefore seconds of training that count as spent
   */
  StopClock(Peers peers, int budgetMinutes, int checkpointMinutes, double secondsBefore) {
    this(peers, budgetMinutes, checkpointMinutes, secondsBefore, System::nanoTime);
  }

  StopClock(
      Peers peers,
      int budgetMinutes,
      int checkpointMinutes,
      double secondsBefore,
      LongSupplier nanos) {
    this.peers = peers;
    this.nanos = nanos;
    this.budgetMinutes = budgetMinutes;
    this.checkpointMinutes = checkpointMinutes;
    this.saved = nanos.getAsLong();
    this.start = saved - (long) (secondsBefore * 1e9);
  }

  /** Looks at the clock now and then; every worker calls it after the same steps. */
  void tick(int step) {
    seen &= LATE;
    if ((budgetMinutes == 0 && checkpointMinutes == 0)
        || over()
        || step % STEPS_BETWEEN_LOOKS != 0) {
      return;
    }
    long now = nanos.getAsLong();
    int mine = 0;
    if (budgetMinutes > 0 && now - start > budgetMinutes * MINUTE_NANOS) {
      mine |= LATE;
    }
    if (checkpointMinutes > 0 && now - saved > checkpointMinutes * MINUTE_NANOS) {
      mine |= SAVE;
    }
    seen = peers.gather(new byte[] {(byte) mine}).get(0)[0];
    if (checkpointDue()) {
      saved = now;
    }
  }

  /** Whether the time is over. */
  boolean over() {
    return (seen & LATE) != 0;
  }

  /** Whether the last tick has found that a checkpoint is due. */
  boolean checkpointDue() {
    return (seen & SAVE) != 0;
  }

  /** Seconds of training so far, those before a resume included. */
  double seconds() {
    return (nanos.getAsLong() - start) / 1e9;
  }
}
