package io.tagloom.training.trainer;

import io.tagloom.training.bigdl.BlockExchange;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * News from the first worker to the driver: numbered pieces on Spark's block manager, which the
 * driver asks for. Spark's own accumulators reach the driver only when a task ends.
 */
final class ProgressBoard {
  private static final int KEPT = 60;

  private final String run;
  private long next;

  ProgressBoard(String run) {
    this.run = run;
  }

  /** Puts up a piece of news; those that are long old are taken down. */
  void post(Serializable news) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(news);
    } catch (IOException e) {
      throw new IllegalStateException("Cannot write progress: " + e.getMessage() + ".", e);
    }
    BlockExchange.offer(name(next), ByteBuffer.wrap(bytes.toByteArray()));
    if (next >= KEPT) {
      BlockExchange.remove(name(next - KEPT));
    }
    next++;
  }

  /** The next piece, on the driver; empty while there is none. */
  Optional<Object> read() {
    Optional<byte[]> bytes = BlockExchange.read(name(next));
    if (!bytes.isPresent()) {
      return Optional.empty();
    }
    next++;
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.get()))) {
      return Optional.of(in.readObject());
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException("Cannot read progress: " + e.getMessage() + ".", e);
    }
  }

  /** Takes down everything, on the driver. */
  void clear() {
    for (long old = Math.max(0, next - KEPT); old < next + KEPT; old++) {
      BlockExchange.removeEverywhere(name(old));
    }
  }

  private String name(long number) {
    return run + "_news-" + number;
  }
}
