package io.tagloom.training.trainer;

/** The time budget of a run. The first worker's clock decides for all. */
final class StopClock {
  private static final int STEPS_BETWEEN_LOOKS = 32;

  private final Peers peers;
  private final long deadline;
  private final boolean limited;
  private boolean over;

  StopClock(Peers peers, int minutes) {
    this.peers = peers;
    this.limited = minutes > 0;
    this.deadline = System.nanoTime() + minutes * 60_000_000_000L;
  }

  /** Looks at the clock now and then; every worker calls it after the same steps. */
  void tick(int step) {
    if (limited && !over && step % STEPS_BETWEEN_LOOKS == 0) {
      byte late = (byte) (System.nanoTime() - deadline > 0 ? 1 : 0);
      over = peers.gather(new byte[] {late}).get(0)[0] == 1;
    }
  }

  /** Whether the time is over. */
  boolean over() {
    return over;
  }
}
