package io.tagloom.training.trainer;

import io.tagloom.features.blocks.Block;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A worker's blocks: in memory as long as all workers of this JVM hold less than a bound, else in a
 * local file. Of those in the file, the ones that the shuffle mixes at the time are in memory, too.
 */
final class BlockShelf extends AbstractList<Block> implements AutoCloseable {
  /** Bytes of blocks in memory, over all shelves of this JVM. */
  private static final AtomicLong HELD = new AtomicLong();

  private final long mostBytes;
  private final int window;
  private final Supplier<File> folder;
  private final List<Entry> entries = new ArrayList<>();
  private final Map<Integer, Block> lent;
  private RandomAccessFile file;
  private long held;
  private long spilledBytes;
  private int spilled;

  /**
   * An empty shelf.
   *
   * @param mostBytes bytes of blocks that this JVM may hold
   * @param window blocks that are used at the same time
   * @param folder where the file goes; asked for when it is needed
   */
  BlockShelf(long mostBytes, int window, Supplier<File> folder) {
    this.mostBytes = mostBytes;
    this.window = window;
    this.folder = folder;
    this.lent =
        new LinkedHashMap<Integer, Block>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Integer, Block> eldest) {
            return size() > BlockShelf.this.window + 1;
          }
        };
  }

  /** A shelf that holds blocks in memory without a bound, in their order. */
  static BlockShelf of(List<Block> blocks) {
    BlockShelf shelf = new BlockShelf(Long.MAX_VALUE, 1, () -> new File("."));
    blocks.forEach(shelf::put);
    return shelf;
  }

  /** Adds a block. */
  void put(Block block) {
    Entry entry = new Entry(block);
    long bytes = mostBytes == Long.MAX_VALUE ? 0 : block.stateBytes();
    if (HELD.addAndGet(bytes) <= mostBytes) {
      held += bytes;
      entry.block = block;
    } else {
      HELD.addAndGet(-bytes);
      spill(entry, block);
      spilledBytes += bytes;
    }
    entries.add(entry);
  }

  private void spill(Entry entry, Block block) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(block);
      }
      if (file == null) {
        File path = File.createTempFile("tagloom-blocks", ".bin", folder.get());
        file = new RandomAccessFile(path, "rw");
        // It has no name from now on and goes with this process, however that ends.
        if (!path.delete()) {
          path.deleteOnExit();
        }
      }
      entry.from = file.length();
      entry.length = bytes.size();
      file.seek(entry.from);
      file.write(bytes.toByteArray());
      spilled++;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot keep samples in "
              + folder.get()
              + ": "
              + e.getMessage()
              + ". Make room, give executors more memory, or raise training.block-memory-share.",
          e);
    }
  }

  /** Sorts as {@link BlockDeal#order} does. */
  void sort() {
    entries.sort(
        Comparator.comparingLong((Entry entry) -> entry.order)
            .thenComparingLong(entry -> entry.number));
  }

  @Override
  public int size() {
    return entries.size();
  }

  /** Rows of a block, without reading it. */
  int rows(int index) {
    return entries.get(index).rows;
  }

  /** A number that depends on the content of all blocks, but not on their order. */
  long content() {
    long sum = 0;
    for (Entry entry : entries) {
      sum += entry.number;
    }
    return sum;
  }

  /** How many blocks are in the file. */
  int spilled() {
    return spilled;
  }

  /** Bytes of those, as they would be in memory. */
  long spilledBytes() {
    return spilledBytes;
  }

  @Override
  public synchronized Block get(int index) {
    Entry entry = entries.get(index);
    if (entry.block != null) {
      return entry.block;
    }
    Block block = lent.get(index);
    if (block == null) {
      block = read(entry);
      lent.put(index, block);
    }
    return block;
  }

  private Block read(Entry entry) {
    byte[] bytes = new byte[entry.length];
    try {
      file.seek(entry.from);
      file.readFully(bytes);
      try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
        return (Block) in.readObject();
      }
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException("Cannot read samples back from the local disk: " + e, e);
    }
  }

  @Override
  public void close() {
    HELD.addAndGet(-held);
    held = 0;
    entries.forEach(entry -> entry.block = null);
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Entry {
    final long order;
    final long number;
    final int rows;
    Block block;
    long from;
    int length;

    Entry(Block block) {
      this.order = block.order();
      this.number = BlockDeal.number(block);
      this.rows = block.rows();
    }
  }
}
