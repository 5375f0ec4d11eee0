package io.tagloom.export;

import io.tagloom.export.scoring.ScoreKind;
import io.tagloom.features.LocalSpark;
import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.BlockBuilder;
import io.tagloom.features.blocks.BlockLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Encoded users and items that are made up. */
final class TestSource {
  private static final int BLOCK = 37;
  private static final List<String> NONE = Collections.emptyList();

  private TestSource() {}

  static ExportSource of(ScoringModel model, int users, int items, int tags) {
    return of(model, users, items, tags, -1);
  }

  /** As with 60 tags, but with other fields of one user. */
  static ExportSource changed(ScoringModel model, int users, int changed) {
    return of(model, users, 5, 60, changed);
  }

  private static ExportSource of(ScoringModel model, int users, int items, int tags, int changed) {
    List<String> vocabulary = new ArrayList<>();
    for (int i = 0; i < tags; i++) {
      // Ids are by frequency, not by name.
      vocabulary.add(String.format("tag%03d", (i * 7 + 3) % tags));
    }
    return new ExportSource(
        "model-" + tags,
        model,
        blocks("user_id", "user", users, changed, Arrays.asList("user", "age")),
        blocks("item_id", "item", items, -1, Arrays.asList("tags", "category")),
        Arrays.asList("user", "age"),
        Arrays.asList("tags", "category"),
        "tags",
        vocabulary,
        IntStream.range(2, tags + 2).toArray());
  }

  static ExportSource of(int users, int items) {
    return of(new TestModel(1, ScoreKind.KERNEL_COSINE), users, items, 60);
  }

  /** Two partitions of sorted keys. */
  private static Dataset<Row> blocks(
      String key, String prefix, int count, int changed, List<String> fields) {
    BlockLayout layout = new BlockLayout(Collections.singletonList(key), NONE, fields);
    List<List<Row>> partitions = new ArrayList<>();
    for (int partition = 0; partition < 2; partition++) {
      List<Row> rows = new ArrayList<>();
      BlockBuilder builder = Block.builder(layout, "");
      for (int i = partition; i < count; i += 2) {
        builder
            .key(0, String.format("%s%05d", prefix, i))
            .add(0, i + 2)
            .add(1, i == changed ? 9 : i % 7)
            .endRow();
        if (builder.rows() == BLOCK) {
          rows.add(builder.build().toRow());
          builder = Block.builder(layout, "");
        }
      }
      if (builder.rows() > 0) {
        rows.add(builder.build().toRow());
      }
      partitions.add(rows);
    }
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    return LocalSpark.session()
        .createDataFrame(
            context.parallelize(partitions, 2).flatMap(List::iterator), layout.schema());
  }
}
