package io.tagloom.features.fields;

import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.BlockBuilder;
import io.tagloom.features.blocks.BlockLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Encoded rows of a partition, ordered by place, to blocks; one partition holds a few at a time.
 */
final class BlockAssembler
    implements Function2<Integer, Iterator<InternalRow>, Iterator<InternalRow>> {
  private static final long serialVersionUID = 1L;

  private final BlockLayout layout;
  private final boolean[] lists;
  private final int blockRows;
  private final boolean hasTs;

  BlockAssembler(BlockLayout layout, boolean[] lists, int blockRows, boolean hasTs) {
    this.layout = layout;
    this.lists = lists;
    this.blockRows = blockRows;
    this.hasTs = hasTs;
  }

  @Override
  public Iterator<InternalRow> call(Integer partition, Iterator<InternalRow> rows) {
    return new Blocks(partition, rows);
  }

  /** Blocks of one partition. */
  private final class Blocks implements Iterator<InternalRow> {
    private final Iterator<InternalRow> rows;
    private final Map<String, BlockBuilder> open = new TreeMap<>();
    private final ArrayDeque<Block> ready = new ArrayDeque<>();
    private final List<byte[]> samePlace = new ArrayList<>();
    private final RowBytes bytes = new RowBytes();
    private int[] ids = new int[64];
    private BlockBuilder current;
    private String currentSplit;
    private UTF8String currentName;
    private long place;
    private long order;

    Blocks(int partition, Iterator<InternalRow> rows) {
      this.rows = rows;
      this.order = (long) partition << 32;
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && rows.hasNext()) {
        InternalRow row = rows.next();
        if (!samePlace.isEmpty() && row.getLong(0) != place) {
          drain();
        }
        place = row.getLong(0);
        samePlace.add(row.getBinary(1));
      }
      if (ready.isEmpty()) {
        drain();
        closeAll();
      }
      return !ready.isEmpty();
    }

    @Override
    public InternalRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.remove().toInternalRow();
    }

    /**
     * Adds the rows of one place, in the order of their bytes: sorting by place leaves them open.
     */
    private void drain() {
      if (samePlace.size() > 1) {
        samePlace.sort((a, b) -> UTF8String.fromBytes(a).compareTo(UTF8String.fromBytes(b)));
      }
      for (byte[] row : samePlace) {
        add(row);
      }
      samePlace.clear();
    }

    private void add(byte[] row) {
      bytes.read(row);
      BlockBuilder builder = builder(bytes.readText());
      for (int key = 0; key < layout.keys().size(); key++) {
        builder.key(key, bytes.readText());
      }
      long ts = bytes.readLong();
      if (hasTs) {
        builder.ts(ts);
      }
      builder.weight(bytes.readFloat());
      for (int label = 0; label < layout.labels().size(); label++) {
        builder.label(label, bytes.readFloat());
      }
      for (int field = 0; field < lists.length; field++) {
        addField(builder, field);
      }
      builder.endRow();
      if (builder.rows() == blockRows) {
        close(currentSplit);
      }
    }

    /** The builder of a split; rows of one come one after another. */
    private BlockBuilder builder(UTF8String text) {
      UTF8String name = text == null ? UTF8String.EMPTY_UTF8 : text;
      if (current == null || !name.equals(currentName)) {
        currentName = name;
        currentSplit = name.toString();
        current = open.get(currentSplit);
      }
      if (current == null) {
        closeOthers(currentSplit);
        current = Block.builder(layout, currentSplit);
        open.put(currentSplit, current);
      }
      return current;
    }

    private void addField(BlockBuilder builder, int field) {
      if (!lists[field]) {
        builder.add(field, bytes.readInt());
        return;
      }
      int head = bytes.readInt();
      int size = head >>> 1;
      if (size > ids.length) {
        ids = new int[size * 2];
      }
      for (int i = 0; i < size; i++) {
        ids[i] = bytes.readInt();
      }
      boolean same = (head & 1) == 0;
      float weight = 1f;
      for (int i = 0; i < size; i++) {
        weight = same && i > 0 ? weight : bytes.readFloat();
        builder.add(field, ids[i], weight);
      }
    }

    /** The known splits come one after another: their builders need not stay open side by side. */
    private void closeOthers(String split) {
      if (Arrays.asList("valid", "test").contains(split)) {
        closeAll();
      }
    }

    private void closeAll() {
      for (String split : new ArrayList<>(open.keySet())) {
        close(split);
      }
    }

    private void close(String split) {
      ready.add(open.remove(split).order(order++).build());
      current = null;
    }
  }
}
