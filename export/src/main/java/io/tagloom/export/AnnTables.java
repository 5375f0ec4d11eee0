package io.tagloom.export;

import io.tagloom.conf.AnnSettings;
import io.tagloom.export.scoring.ScoredTask;
import io.tagloom.export.tables.TableFiles;
import io.tagloom.export.tables.TableKind;
import io.tagloom.export.tables.TableReader;
import io.tagloom.export.tables.UserVectors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** HNSW indexes over the gates tables of a version. */
final class AnnTables {
  private final JavaSparkContext context;
  private final TablePlan tables;
  private final List<ScoredTask> tasks;
  private final AnnSettings settings;
  private long others;

  AnnTables(
      JavaSparkContext context, TablePlan tables, List<ScoredTask> tasks, AnnSettings settings) {
    this.context = context;
    this.tables = tables;
    this.tasks = tasks;
    this.settings = settings;
  }

  /** Lists of items that certified search found otherwise in the last {@link #index}. */
  long others() {
    return others;
  }

  /**
   * Builds and saves the indexes, each part by one task.
   *
   * @return {@code ann.SIDE.TASK.recall10} and {@code recall100}, SIDE being tags or items, against
   *     exact search for some users; {@code certified.items.TASK.mean_lists} and {@code
   *     first_try_share} of the same users' best 10 items
   */
  SortedMap<String, Double> index() throws IOException {
    List<AnnShard> shards = new ArrayList<>();
    for (ScoredTask task : tasks) {
      shards.add(new AnnShard(TableKind.TAG_GATES, task, 0, 1));
      for (int shard = 0; shard < settings.shards(); shard++) {
        shards.add(new AnnShard(TableKind.ITEM_GATES, task, shard, settings.shards()));
      }
    }
    HashMap<String, List<float[]>> queries = queries();
    Broadcast<HashMap<String, List<float[]>>> shared = context.broadcast(queries);
    List<AnnMeasure> measures;
    try {
      context.setJobGroup("export ann", "Build nearest-neighbour indexes and measure their recall");
      measures = build(context, tables, new AnnPlan(settings), shards, shared);
    } finally {
      context.clearJobGroup();
      shared.destroy();
    }
    Map<String, AnnMeasure> merged = new TreeMap<>();
    for (int i = 0; i < measures.size(); i++) {
      merged.merge(shards.get(i).name(), measures.get(i), AnnMeasure::with);
    }
    SortedMap<String, Double> numbers = new TreeMap<>();
    merged.forEach(
        (name, measure) -> {
          numbers.put("ann." + name + ".recall10", measure.recall().recall(10));
          numbers.put("ann." + name + ".recall100", measure.recall().recall(100));
          measure
              .certified()
              .numbers()
              .forEach((what, value) -> numbers.put("certified." + name + "." + what, value));
        });
    others = merged.values().stream().mapToLong(measure -> measure.certified().others()).sum();
    return numbers;
  }

  private static List<AnnMeasure> build(
      JavaSparkContext context,
      TablePlan tables,
      AnnPlan plan,
      List<AnnShard> shards,
      Broadcast<HashMap<String, List<float[]>>> queries) {
    return context
        .parallelize(shards, shards.size())
        .map(shard -> shard.build(tables, plan, queries.value().get(shard.task())))
        .collect();
  }

  /** Concatenated experts of some users of every file, by task. */
  private HashMap<String, List<float[]>> queries() throws IOException {
    TableFiles files =
        new TableFiles(tables.configuration(), tables.folder(), TableKind.USER_VECTORS);
    HashMap<String, List<float[]>> queries = new HashMap<>();
    List<UserVectors> users;
    try (TableReader<UserVectors> reader =
        TableReader.vectors(tables.configuration(), files.list())) {
      users = reader.take(settings.recallUsers());
    }
    for (ScoredTask task : tasks) {
      List<float[]> some = new ArrayList<>();
      for (UserVectors user : users) {
        some.add(user.concatenated(task.kernels()));
      }
      queries.put(task.name(), some);
    }
    return queries;
  }
}
