package io.tagloom.features.fields;

import static org.apache.spark.sql.functions.col;

import io.tagloom.conf.InputException;
import io.tagloom.features.blocks.Block;
import io.tagloom.features.blocks.FieldColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Finds fields that give a label away.
 *
 * <p>Up to {@link #MAX_ROWS} training rows are cut in two halves. On one half the rate of the label
 * is estimated for each id (shrunk towards the mean rate); the rows of the other half are ranked by
 * the weighted mean rate of their ids, and by the plain sum of their weights; and the other way
 * round. The larger AUC counts. A field of values that occur once each cannot look like a leak this
 * way, since a value of one half is unknown in the other.
 *
 * <p>Label click is checked on all rows, every other label on clicked rows, if there are clicks.
 */
public final class LeakGuard {
  /** Most rows that are looked at. */
  public static final int MAX_ROWS = 200_000;

  private static final double PRIOR_ROWS = 10;
  private static final int LEAST = 20;

  private LeakGuard() {}

  /**
   * Measures every field against every label but mature.
   *
   * @param blocks encoded samples
   * @return one entry for each field and label that has at least 20 rows of either value in both
   *     halves
   */
  public static List<FieldAuc> measure(Dataset<Row> blocks) {
    return measure(sample(blocks, "train", MAX_ROWS));
  }

  /**
   * Fails if a field is too good.
   *
   * @param measured what {@link #measure(Dataset)} gave
   * @param maxAuc largest AUC that is allowed, 0.5 to 1
   * @throws InputException naming every field and label above it
   */
  public static void check(List<FieldAuc> measured, double maxAuc) {
    List<String> leaks = new ArrayList<>();
    for (FieldAuc one : measured) {
      if (one.auc() > maxAuc) {
        leaks.add(one.toString());
      }
    }
    if (!leaks.isEmpty()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Cannot train on these fields: %s, allowed is %.4f (features.leak-auc). Take out what"
                  + " is known only after the impression, or raise the limit.",
              String.join("; ", leaks),
              maxAuc));
    }
  }

  /** The first blocks of a split until there are enough rows: by their order, which is by hash. */
  static List<Block> sample(Dataset<Row> blocks, String split, int maxRows) {
    Dataset<Row> of = blocks.filter(col("split").equalTo(split));
    List<Row> sizes = of.select("block_order", "rows").collectAsList();
    List<long[]> ordered = new ArrayList<>();
    for (Row size : sizes) {
      ordered.add(new long[] {size.getLong(0), size.getInt(1)});
    }
    ordered.sort((a, b) -> Long.compare(a[0], b[0]));
    long rows = 0;
    long last = Long.MIN_VALUE;
    for (long[] block : ordered) {
      if (rows + block[1] > maxRows && rows > 0) {
        break;
      }
      rows += block[1];
      last = block[0];
    }
    Dataset<Row> chosen =
        of.filter(col("block_order").leq(last)).drop("impression_id", "user_id", "item_id");
    List<Block> sample = new ArrayList<>(chosen.toJavaRDD().map(Block::fromRow).collect());
    sample.sort((a, b) -> Long.compare(a.order(), b.order()));
    return sample;
  }

  static List<FieldAuc> measure(List<Block> sample) {
    if (sample.isEmpty()) {
      return new ArrayList<>();
    }
    // Fields are apart from each other, and the driver has nothing else to do.
    return sample.get(0).layout().fields().parallelStream()
        .flatMap(field -> measure(sample, field).stream())
        .collect(Collectors.toList());
  }

  private static List<FieldAuc> measure(List<Block> sample, String field) {
    List<FieldAuc> measured = new ArrayList<>();
    List<String> labels = new ArrayList<>(sample.get(0).layout().labels());
    boolean clicks = labels.contains("click");
    labels.remove("mature");
    for (String label : labels) {
      Half even = new Half(sample, field, label, clicks && !label.equals("click"), 0);
      Half odd = new Half(sample, field, label, clicks && !label.equals("click"), 1);
      double auc = (even.auc(odd) + odd.auc(even)) / 2;
      if (!Double.isNaN(auc)) {
        measured.add(new FieldAuc(field, label, auc));
      }
    }
    return measured;
  }

  /** Every other row of the sample, seen through one field and one label. */
  private static final class Half {
    private final List<Block> blocks;
    private final String field;
    private final String label;
    private final boolean clickedOnly;
    private final int parity;
    private final IdRates ids = new IdRates();
    private double rows;
    private double positives;

    Half(List<Block> blocks, String field, String label, boolean clickedOnly, int parity) {
      this.blocks = blocks;
      this.field = field;
      this.label = label;
      this.clickedOnly = clickedOnly;
      this.parity = parity;
      for (Block block : blocks) {
        FieldColumn column = block.field(field);
        float[] labels = block.label(label);
        for (int row = parity; row < block.rows(); row += 2) {
          if (counts(block, row)) {
            count(column, row, labels[row] > 0 ? 1 : 0);
          }
        }
      }
    }

    private boolean counts(Block block, int row) {
      return !clickedOnly || block.label("click")[row] > 0;
    }

    private void count(FieldColumn column, int row, int positive) {
      rows++;
      positives += positive;
      if (column.start(row) == column.end(row)) {
        ids.add(Vocabulary.PADDING, positive);
      }
      for (int at = column.start(row); at < column.end(row); at++) {
        ids.add(column.ids()[at], positive);
      }
    }

    /** Rate of the label among rows with an id, shrunk towards the rate of all rows. */
    private double rate(int id) {
      return ids.rate(id, positives / rows, PRIOR_ROWS);
    }

    /** AUC on this half of what the other half has learned. */
    private double auc(Half other) {
      float[] rates = new float[(int) rows];
      float[] sums = new float[(int) rows];
      boolean[] truth = new boolean[(int) rows];
      int at = 0;
      for (Block block : blocks) {
        FieldColumn column = block.field(field);
        float[] labels = block.label(label);
        for (int row = parity; row < block.rows(); row += 2) {
          if (counts(block, row)) {
            truth[at] = labels[row] > 0;
            other.score(column, row, rates, sums, at++);
          }
        }
      }
      double bySum = RankingAuc.of(sums, truth, at, LEAST);
      return Math.max(RankingAuc.of(rates, truth, at, LEAST), Math.max(bySum, 1 - bySum));
    }

    private void score(FieldColumn column, int row, float[] rates, float[] sums, int at) {
      double rate = 0;
      double sum = 0;
      double absolute = 0;
      for (int i = column.start(row); i < column.end(row); i++) {
        rate += column.weight(i) * rate(column.ids()[i]);
        sum += column.weight(i);
        absolute += Math.abs(column.weight(i));
      }
      rates[at] = (float) (absolute == 0 ? rate(Vocabulary.PADDING) : rate / absolute);
      sums[at] = (float) sum;
    }
  }
}
