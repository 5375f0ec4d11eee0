package io.tagloom.features.fields;

import io.tagloom.conf.Settings;
import io.tagloom.features.LocalSpark;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A folder with samples of some days, users and items, and settings over it. */
final class ExampleRun {
  static final LocalDate DATE = LocalDate.of(2026, 1, 20);
  static final String TAGS = "{name = tags, side = item, kind = multi-valued}";

  private final Path root;

  /** Writes {@code perDay} samples on each of the days before and on {@link #DATE}. */
  ExampleRun(Path root, int days, int perDay) {
    this.root = root;
    SparkSession spark = LocalSpark.session();
    for (int back = 0; back < days; back++) {
      LocalDate day = DATE.minusDays(back);
      samples(spark, day, perDay).write().parquet(root + "/samples/dt=" + day);
    }
    spark
        .range(200)
        .selectExpr(
            "concat('u', id) as user_id",
            "concat('c', id % 7) as city",
            "cast(20 + id % 50 as double) as age",
            "cast(id as string) as only_once")
        .write()
        .parquet(root + "/users");
    spark
        .range(40)
        .selectExpr("concat('i', id) as item_id", "array(concat('t', id % 6), 'any') as tags")
        .write()
        .parquet(root + "/items");
  }

  /** Clicks are drawn by a hash that no field knows; leak is the click itself. */
  private static Dataset<Row> samples(SparkSession spark, LocalDate day, int perDay) {
    long start = day.toEpochDay() * 86_400_000L;
    long salt = day.toEpochDay();
    return spark
        .range(perDay)
        .selectExpr(
            "concat('s" + day + "-', id) as impression_id",
            "concat('u', pmod(hash(id, " + salt + ", 1), 200)) as user_id",
            "concat('i', pmod(hash(id, " + salt + ", 2), 40)) as item_id",
            start + " + pmod(hash(id, 3), 86000000) as ts",
            "cast(pmod(hash(id, " + salt + ", 4), 10) as int) as position",
            "case when pmod(hash(id, " + salt + ", 5), 10) < 3 then 1 else 0 end as click",
            "case when pmod(hash(id, " + salt + ", 6), 10) < 3 then 1 else 0 end as converts",
            "case pmod(hash(id, "
                + salt
                + ", 7), 10) when 0 then 'valid' when 1 then 'test'"
                + " else 'train' end as split")
        .selectExpr(
            "impression_id",
            "user_id",
            "item_id",
            "ts",
            "position",
            "click",
            "case when click = 1 then ts + 5000 end as click_ts",
            "case when click = 1 then converts else 0 end as conversion",
            "case when click = 1 and converts = 1 then ts + 90000000 end as conversion_ts",
            "true as mature",
            "cast(1 as float) as weight",
            "split",
            "concat('x', click) as leak",
            "cast(null as double) as nothing",
            "concat('o', impression_id) as never_twice");
  }

  Settings settings(String fields, String... more) {
    Map<String, String> overrides = new LinkedHashMap<>();
    overrides.put("run.root", root.toString());
    overrides.put("input.users.path", root + "/users");
    overrides.put("input.items.path", root + "/items");
    overrides.put("features.fields", "[" + fields + ", " + TAGS + "]");
    overrides.put("features.block-rows", "128");
    overrides.put("training.days", "5");
    for (String assignment : more) {
      int equals = assignment.indexOf('=');
      overrides.put(assignment.substring(0, equals), assignment.substring(equals + 1));
    }
    return Settings.reference(overrides);
  }

  Path root() {
    return root;
  }
}
