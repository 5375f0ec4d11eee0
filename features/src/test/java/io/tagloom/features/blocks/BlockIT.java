package io.tagloom.features.blocks;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.features.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockIT {
  @Test
  void blocksComeBackFromParquetUnchanged(@TempDir Path folder) {
    SparkSession spark = LocalSpark.session();
    Block block = BlockTest.example(1000);
    List<Row> rows = new ArrayList<>();
    rows.add(block.toRow());
    String path = folder.resolve("blocks").toString();
    spark.createDataFrame(rows, Block.schema(block.layout())).coalesce(1).write().parquet(path);

    Block back = Block.fromRow(spark.read().parquet(path).first());

    assertThat(back.layout()).isEqualTo(block.layout());
    assertThat(back.split()).isEqualTo("train");
    assertThat(back.order()).isEqualTo(7L << 32);
    assertThat(back.key("user_id")).isEqualTo(block.key("user_id"));
    assertThat(back.ts()).isEqualTo(block.ts());
    assertThat(back.weight()).isEqualTo(block.weight());
    for (String label : block.layout().labels()) {
      assertThat(back.label(label)).isEqualTo(block.label(label));
    }
    for (String field : block.layout().fields()) {
      assertThat(back.field(field).ids()).isEqualTo(block.field(field).ids());
      assertThat(back.field(field).offsets()).isEqualTo(block.field(field).offsets());
      assertThat(back.field(field).weights()).isEqualTo(block.field(field).weights());
    }
  }

  @Test
  void someColumnsAreEnough(@TempDir Path folder) {
    SparkSession spark = LocalSpark.session();
    Block block = BlockTest.example(20);
    String path = folder.resolve("blocks").toString();
    Dataset<Row> table =
        spark.createDataFrame(Arrays.asList(block.toRow()), Block.schema(block.layout()));
    table.write().parquet(path);

    Block back =
        Block.fromRow(spark.read().parquet(path).select("split", "rows", "field_tags").first());

    assertThat(back.layout().fields()).containsExactly("tags");
    assertThat(back.ts()).isEmpty();
    assertThat(back.field("tags").ids()).isEqualTo(block.field("tags").ids());
  }
}
