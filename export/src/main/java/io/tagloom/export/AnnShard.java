package io.tagloom.export;

import io.tagloom.export.ann.AnnIndex;
import io.tagloom.export.ann.RecallCount;
import io.tagloom.export.scoring.ScoredTask;
import io.tagloom.export.tables.Gates;
import io.tagloom.export.tables.TableFiles;
import io.tagloom.export.tables.TableKind;
import io.tagloom.export.tables.TableReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** One part of one index: what it holds, where it goes, and the work of building it. */
final class AnnShard implements Serializable {
  private static final long serialVersionUID = 1L;

  private final TableKind kind;
  private final ScoredTask task;
  private final int shard;
  private final int shards;

  AnnShard(TableKind kind, ScoredTask task, int shard, int shards) {
    this.kind = kind;
    this.task = task;
    this.shard = shard;
    this.shards = shards;
  }

  /** {@code items.ctr}: table and task. */
  String name() {
    return side(kind) + "." + task.name();
  }

  String task() {
    return task.name();
  }

  /** Folder of an index within a version. */
  static Path folder(Path version, TableKind kind, String task) {
    return new Path(version, "ann/" + side(kind) + "/" + task);
  }

  private static String side(TableKind kind) {
    return kind == TableKind.ITEM_GATES ? "items" : "tags";
  }

  /** Builds and saves the part, and compares it with exact search. */
  AnnMeasure build(TablePlan tables, AnnPlan plan, List<float[]> queries) throws IOException {
    List<String> names = new ArrayList<>();
    List<float[]> vectors = new ArrayList<>();
    List<Gates> searched = new ArrayList<>();
    List<Path> files = new TableFiles(tables.configuration(), tables.folder(), kind).list();
    try (TableReader<Gates> reader = TableReader.gates(tables.configuration(), files)) {
      for (Optional<Gates> next = reader.next(); next.isPresent(); next = reader.next()) {
        Gates gates = next.get();
        if (gates.task().equals(task.name())
            && Math.floorMod(gates.key().hashCode(), shards) == shard) {
          names.add(gates.key());
          vectors.add(gates.annVector());
          if (kind == TableKind.ITEM_GATES && searched.size() < CertifiedItems.MOST_ITEMS) {
            searched.add(gates);
          }
        }
      }
    }
    if (names.isEmpty()) {
      return new AnnMeasure(RecallCount.none(queries.size()), CertifiedItems.none());
    }
    AnnIndex index =
        AnnIndex.build(names, vectors, plan.links(), plan.buildWidth(), plan.searchWidth());
    save(tables, index);
    return new AnnMeasure(
        RecallCount.of(index, names, vectors, queries), CertifiedItems.of(task, searched, queries));
  }

  private void save(TablePlan tables, AnnIndex index) throws IOException {
    Path target =
        new Path(
            folder(tables.folder(), kind, task.name()), String.format("part-%05d.hnsw", shard));
    Path hidden = new Path(target.getParent(), "." + target.getName() + "." + TablePlan.attempt());
    FileSystem fs = target.getFileSystem(tables.configuration());
    try (OutputStream out = fs.create(hidden, true)) {
      index.save(out);
    }
    fs.delete(target, false);
    if (!fs.rename(hidden, target)) {
      throw new IOException("Cannot rename " + hidden + " to " + target + ". Check permissions.");
    }
  }
}
