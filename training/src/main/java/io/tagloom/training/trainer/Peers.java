package io.tagloom.training.trainer;

import java.util.List;

/** The workers of a run, as one of them sees them. */
interface Peers {
  /** Number of this worker, from 0. */
  int worker();

  /** Number of workers. */
  int workers();

  /** Waits until every worker has come here. */
  void meet();

  /** Gives bytes to every worker and takes theirs, by worker number. Waits for all. */
  List<byte[]> gather(byte[] mine);
}
