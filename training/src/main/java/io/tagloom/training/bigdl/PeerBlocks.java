package io.tagloom.training.bigdl;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.spark.SparkEnv;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.network.shuffle.BlockFetchingListener;
import org.apache.spark.storage.BlockData;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.storage.TestBlockId;
import org.apache.spark.util.io.ChunkedByteBuffer;
import scala.Option;
import scala.reflect.ClassTag$;

/**
 * Pieces of bytes that workers take from one another's block managers directly: they have told each
 * other where they are, so that a step asks the driver nothing. Within one executor a piece is
 * copied in memory.
 *
 * <p>{@link BlockExchange} tells the driver of every piece and asks it for every one: two remote
 * calls more each, which matter when a step takes tens of milliseconds.
 */
public final class PeerBlocks {
  private final List<BlockManagerId> places;
  private final Set<String> offered = new HashSet<>();

  /**
   * Blocks of some workers.
   *
   * @param addresses what {@link #address} gave each of them, in their order
   */
  public PeerBlocks(List<byte[]> addresses) {
    this.places = new ArrayList<>();
    for (byte[] address : addresses) {
      try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(address))) {
        places.add((BlockManagerId) in.readObject());
      } catch (IOException | ClassNotFoundException e) {
        throw new IllegalStateException("Cannot read a worker's address: " + e + ".", e);
      }
    }
  }

  /** Where this process offers its pieces, for the other workers. */
  public static byte[] address() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(SparkEnv.get().blockManager().blockManagerId());
    } catch (IOException e) {
      throw new IllegalStateException("Cannot write this worker's address: " + e + ".", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Offers bytes under a name.
   *
   * @param bytes not to be changed before {@link #remove}
   * @throws IllegalStateException if there is no room for them
   */
  public void offer(String name, ByteBuffer bytes) {
    offered.add(name);
    BlockManager manager = SparkEnv.get().blockManager();
    boolean tellDriver = false;
    boolean stored =
        manager.putBytes(
            id(name),
            new ChunkedByteBuffer(bytes),
            StorageLevel.MEMORY_AND_DISK_SER(),
            tellDriver,
            ClassTag$.MODULE$.Nothing());
    if (!stored) {
      throw new IllegalStateException(
          "Cannot offer "
              + bytes.remaining()
              + " bytes to the other workers: neither memory nor disk of this executor takes them."
              + " Raise spark.executor.memory.");
    }
  }

  /** Takes back what this process has offered; nothing happens when it is not there. */
  public void remove(String name) {
    if (offered.remove(name)) {
      SparkEnv.get().blockManager().removeBlock(id(name), false);
    }
  }

  /** Takes back all that this process still offers. */
  public void removeAll() {
    new ArrayList<>(offered).forEach(this::remove);
  }

  /**
   * Starts to take a piece.
   *
   * @param worker the worker that has offered it
   * @param spare where it is copied to when it fits; else to a new array
   * @return fails when the piece is not there
   */
  public Future<ByteBuffer> fetch(int worker, String name, byte[] spare) {
    BlockManager manager = SparkEnv.get().blockManager();
    BlockManagerId place = places.get(worker);
    Arrival arrival = new Arrival(spare);
    if (place.equals(manager.blockManagerId())) {
      arrival.local(manager, id(name));
    } else {
      manager
          .blockTransferService()
          .fetchBlocks(
              place.host(),
              place.port(),
              place.executorId(),
              new String[] {id(name).name()},
              arrival,
              null);
    }
    return arrival.result;
  }

  private static BlockId id(String name) {
    return new TestBlockId("tagloom_" + name);
  }

  /** Copies what arrives: the network's buffer is used again, and so is the other worker's. */
  private static final class Arrival implements BlockFetchingListener {
    private final CompletableFuture<ByteBuffer> result = new CompletableFuture<>();
    private final byte[] spare;

    Arrival(byte[] spare) {
      this.spare = spare;
    }

    void local(BlockManager manager, BlockId id) {
      Option<BlockData> data = manager.getLocalBytes(id);
      if (!data.isDefined()) {
        result.completeExceptionally(new IllegalStateException("no block " + id));
        return;
      }
      // The lock of the look-up stays with the task until it is given back.
      try {
        copy(data.get().toByteBuffer());
      } finally {
        manager.releaseLock(id, Option.empty());
      }
    }

    private void copy(ByteBuffer bytes) {
      int size = bytes.remaining();
      byte[] into = spare.length >= size ? spare : new byte[size + size / 4];
      bytes.get(into, 0, size);
      result.complete(ByteBuffer.wrap(into, 0, size));
    }

    @Override
    public void onBlockFetchSuccess(String blockId, ManagedBuffer data) {
      try {
        copy(data.nioByteBuffer());
      } catch (IOException | RuntimeException e) {
        result.completeExceptionally(e);
      }
    }

    @Override
    public void onBlockFetchFailure(String blockId, Throwable failure) {
      result.completeExceptionally(failure);
    }
  }
}
