package io.tagloom.export;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;

import io.tagloom.conf.InputException;
import io.tagloom.conf.TagSelectionSettings;
import io.tagloom.export.scoring.KeyOrder;
import io.tagloom.export.scoring.TagMatrix;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Which tags profiles may name, and their categories. Immutable. */
final class TagSelection {
  private static final int MAX_ALLOWED_TAGS = 10_000_000;

  private final Optional<Set<String>> allowed;
  private final Map<String, Long> support;
  private final Map<String, String> categories;
  private final int minSupport;
  private final int maxPerCategory;

  private TagSelection(
      Optional<Set<String>> allowed,
      Map<String, Long> support,
      Map<String, String> categories,
      int minSupport,
      int maxPerCategory) {
    this.allowed = allowed;
    this.support = support;
    this.categories = categories;
    this.minSupport = minSupport;
    this.maxPerCategory = maxPerCategory;
  }

  /** Every tag, no categories. */
  static TagSelection all() {
    return new TagSelection(Optional.empty(), new HashMap<>(), new HashMap<>(), 0, 0);
  }

  /**
   * Reads what the settings ask for, and nothing else.
   *
   * @param items the items, with {@code tags} as array of string
   * @throws InputException if the allow-list cannot be read, or the items have no such category
   */
  static TagSelection of(SparkSession spark, TagSelectionSettings settings, Dataset<Row> items) {
    Optional<Set<String>> allowed =
        settings.allowList().isEmpty()
            ? Optional.empty()
            : Optional.of(allowList(spark, settings.allowList()));
    Map<String, Long> support = new HashMap<>();
    Map<String, String> categories = new HashMap<>();
    if (settings.minSupport() > 0) {
      Dataset<Row> counts = carried(items).groupBy("tag").agg(count(lit(1)).as("items"));
      // At most one row a tag: bounded by the vocabulary.
      counts.collectAsList().forEach(row -> support.put(row.getString(0), row.getLong(1)));
    }
    if (settings.maxPerCategory() > 0) {
      categories.putAll(categories(items, settings.categoryColumn()));
    }
    return new TagSelection(
        allowed, support, categories, settings.minSupport(), settings.maxPerCategory());
  }

  private static Dataset<Row> carried(Dataset<Row> items) {
    return items.select(col("item_id"), explode(col("tags")).as("tag")).distinct();
  }

  private static Map<String, String> categories(Dataset<Row> items, String column) {
    if (!Arrays.asList(items.columns()).contains(column)) {
      throw new InputException(
          "Cannot limit tags per category: the items have no column "
              + column
              + ", but "
              + Arrays.toString(items.columns())
              + ". Set export.tags.category-column, or export.tags.max-per-category = 0.");
    }
    Dataset<Row> pairs =
        items
            .select(explode(col("tags")).as("tag"), col(column).cast("string").as("category"))
            .where(col("category").isNotNull())
            .groupBy("tag", "category")
            .agg(count(lit(1)).as("items"));
    Map<String, Row> best = new TreeMap<>();
    // At most one row a tag and category.
    for (Row row : pairs.collectAsList()) {
      best.merge(row.getString(0), row, TagSelection::moreFrequent);
    }
    Map<String, String> categories = new HashMap<>();
    best.forEach((tag, row) -> categories.put(tag, row.getString(1)));
    return categories;
  }

  private static Row moreFrequent(Row a, Row b) {
    if (a.getLong(2) != b.getLong(2)) {
      return a.getLong(2) > b.getLong(2) ? a : b;
    }
    return KeyOrder.compare(a.getString(1), b.getString(1)) < 0 ? a : b;
  }

  private static Set<String> allowList(SparkSession spark, String path) {
    try {
      Dataset<Row> table =
          path.endsWith(".parquet")
              ? spark.read().parquet(path)
              : path.endsWith(".csv")
                  ? spark.read().option("header", "true").csv(path)
                  : spark.read().text(path).withColumnRenamed("value", "tag");
      List<Row> rows =
          table.select(col("tag").cast("string")).limit(MAX_ALLOWED_TAGS).collectAsList();
      Set<String> tags = new HashSet<>();
      for (Row row : rows) {
        if (!row.isNullAt(0)) {
          tags.add(row.getString(0).trim());
        }
      }
      return tags;
    } catch (RuntimeException e) {
      throw unreadable(path, e);
    } catch (Exception e) {
      // Scala throws AnalysisException without declaring it.
      if (e instanceof AnalysisException) {
        throw unreadable(path, e);
      }
      throw new IllegalStateException(e);
    }
  }

  private static InputException unreadable(String path, Exception cause) {
    return new InputException(
        "Cannot read export.tags.allow-list "
            + path
            + ": "
            + String.valueOf(cause.getMessage()).split("\n")[0]
            + ". Give a text file with one tag a line, or a table with a column tag.",
        cause);
  }

  /** Positions of the tags that may be named, ascending. */
  int[] positions(TagMatrix tags) {
    int[] positions = new int[tags.size()];
    int size = 0;
    for (int tag = 0; tag < tags.size(); tag++) {
      String name = tags.name(tag);
      boolean named = !allowed.isPresent() || allowed.get().contains(name);
      if (named && (minSupport == 0 || support.getOrDefault(name, 0L) >= minSupport)) {
        positions[size++] = tag;
      }
    }
    return Arrays.copyOf(positions, size);
  }

  /** Category of each tag as a number, -1 for none. */
  int[] categories(TagMatrix tags) {
    Map<String, Integer> numbers = new HashMap<>();
    int[] ids = new int[tags.size()];
    for (int tag = 0; tag < ids.length; tag++) {
      String category = categories.getOrDefault(tags.name(tag), "");
      ids[tag] = category.isEmpty() ? -1 : numbers.computeIfAbsent(category, c -> numbers.size());
    }
    return ids;
  }

  /** Tags of one category in a list; 0 is no limit. */
  int maxPerCategory() {
    return maxPerCategory;
  }
}
