package io.tagloom.training.bigdl;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.storage.BlockData;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.storage.TestBlockId;
import org.apache.spark.util.io.ChunkedByteBuffer;
import scala.Option;
import scala.reflect.ClassTag$;

/**
 * Named pieces of bytes that tasks and the driver hand to one another through Spark's block
 * managers. A name is used once; pieces stay until they are removed.
 */
public final class BlockExchange {
  private BlockExchange() {}

  /** Offers bytes under a name. They must not be changed afterwards. */
  public static void offer(String name, ByteBuffer bytes) {
    boolean tellDriver = true;
    SparkEnv.get()
        .blockManager()
        .putBytes(
            id(name),
            new ChunkedByteBuffer(bytes.duplicate()),
            StorageLevel.MEMORY_AND_DISK_SER(),
            tellDriver,
            ClassTag$.MODULE$.Nothing());
  }

  /** The bytes of a name, from this process or from another; empty when nobody offers them. */
  public static Optional<byte[]> read(String name) {
    BlockId id = id(name);
    BlockManager manager = SparkEnv.get().blockManager();
    Option<BlockData> local = manager.getLocalBytes(id);
    if (local.isDefined()) {
      // The lock of the look-up stays with the task until it is given back.
      try {
        return Optional.of(bytes(local.get().toByteBuffer()));
      } finally {
        manager.releaseLock(id, Option.empty());
      }
    }
    Option<ChunkedByteBuffer> remote = manager.getRemoteBytes(id);
    return remote.isDefined() ? Optional.of(remote.get().toArray()) : Optional.empty();
  }

  /** Takes back what this process has offered. */
  public static void remove(String name) {
    BlockId id = id(name);
    if (SparkEnv.get().blockManager().getStatus(id).isDefined()) {
      SparkEnv.get().blockManager().removeBlock(id, true);
    }
  }

  /** Takes back a name wherever it is offered; to be called on the driver. */
  public static void removeEverywhere(String name) {
    SparkEnv.get().blockManager().master().removeBlock(id(name));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static BlockId id(String name) {
    return new TestBlockId("tagloom_" + name);
  }
}
