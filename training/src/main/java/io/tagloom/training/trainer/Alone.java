package io.tagloom.training.trainer;

import java.util.Collections;
import java.util.List;

/** A single worker: there is nobody to wait for. */
final class Alone implements Peers {
  @Override
  public int worker() {
    return 0;
  }

  @Override
  public int workers() {
    return 1;
  }

  @Override
  public void meet() {}

  @Override
  public List<byte[]> gather(byte[] mine) {
    return Collections.singletonList(mine);
  }
}
