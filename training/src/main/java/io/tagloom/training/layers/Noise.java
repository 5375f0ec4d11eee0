package io.tagloom.training.layers;

/**
 * What training drops and masks: a pure function of seed, step and row, so that it does not depend
 * on tiles, threads or workers. Immutable.
 *
 * <p>Dropped values become 0 and the others grow by 1 / (1 - share). Shares are exact to 1 / 65536.
 */
public final class Noise {
  /** Nothing is dropped or masked: scoring. */
  public static final Noise NONE = new Noise(0, 0, 0, 0, 0, 0, 0, new int[0]);

  // Far from the numbers of tables and layers, and from their complements.
  private static final int USER_SITE = 1 << 30;
  private static final int ITEM_SITE = USER_SITE + 1;

  private final long key;
  private final long firstRow;
  private final int embedding;
  private final int hidden;
  private final int id;
  private final int user;
  private final int item;
  private final int[] numbers;

  private Noise(
      long key,
      long firstRow,
      int embedding,
      int hidden,
      int id,
      int user,
      int item,
      int[] numbers) {
    this.key = key;
    this.firstRow = firstRow;
    this.embedding = embedding;
    this.hidden = hidden;
    this.id = id;
    this.user = user;
    this.item = item;
    this.numbers = numbers;
  }

  /**
   * Noise of one step.
   *
   * @param key hash of seed and step
   * @param firstRow number, in the whole step, of row 0 of the batch
   * @param embedding share of embedding values dropped, 0 to below 1
   * @param hidden share of hidden units dropped
   * @param id share of ids masked to unknown
   */
  public static Noise of(long key, long firstRow, double embedding, double hidden, double id) {
    return new Noise(
        key, firstRow, threshold(embedding), threshold(hidden), threshold(id), 0, 0, new int[0]);
  }

  /**
   * The same noise that also hides parts of a row together.
   *
   * @param users share of rows without identity and history of the user; half of these have no
   *     other user field either
   * @param items share of rows without item fields but the tags
   */
  public Noise hiding(double users, double items) {
    return new Noise(
        key, firstRow, embedding, hidden, id, threshold(users), threshold(items), numbers);
  }

  /** The same noise where row i of the batch has number {@code numbers[i]}. */
  public Noise ofRows(int[] numbers) {
    return new Noise(key, firstRow, embedding, hidden, id, user, item, numbers);
  }

  private static int threshold(double share) {
    return (int) Math.min(65535, Math.round(share * 65536));
  }

  boolean dropsEmbeddings() {
    return embedding > 0;
  }

  boolean dropsHidden() {
    return hidden > 0;
  }

  boolean masksIds() {
    return id > 0;
  }

  /** Factor of the hidden units that stay. */
  float hiddenFactor() {
    return factor(hidden);
  }

  private static float factor(int threshold) {
    return (float) (65536.0 / (65536 - threshold));
  }

  /** Key of one site (a table, a layer) and row; mix it with the element's number. */
  private long rowKey(int site, int row) {
    int number = numbers.length == 0 ? row : numbers[row];
    return Stable.mix(key + site * 0x632BE59BD9B4E019L)
        ^ ((firstRow + number) * 0xD1342543DE82EF95L);
  }

  /** Whether a row's field is hidden together with the others of its kind. */
  boolean hides(Hiding hiding, int row) {
    switch (hiding) {
      case IDENTITY:
      case HISTORY:
        return user > 0 && draw(USER_SITE, row) < user;
      case USER:
        return user > 0 && draw(USER_SITE, row) < (user + 1) / 2;
      case ITEM:
        return item > 0 && draw(ITEM_SITE, row) < item;
      default:
        return false;
    }
  }

  private long draw(int site, int row) {
    return Stable.mix(rowKey(site, row)) & 0xFFFF;
  }

  /** Whether an occurrence of an id is masked. */
  boolean masks(int site, int row, int position) {
    return (Stable.mix(rowKey(site, row) + position) & 0xFFFF) < id;
  }

  /** Drops of {@code [n][width]} embeddings in place, rows {@code stride} apart. */
  void embeddings(int site, int row, int n, int width, float[] x, int offset, int stride) {
    float factor = factor(embedding);
    for (int r = 0; r < n; r++) {
      long rowKey = rowKey(~site, row + r);
      for (int j = 0; j < width; j += 4) {
        long bits = Stable.mix(rowKey + j);
        for (int i = j; i < Math.min(j + 4, width); i++) {
          int at = offset + r * stride + i;
          x[at] = (bits & 0xFFFF) < embedding ? 0 : x[at] * factor;
          bits >>>= 16;
        }
      }
    }
  }

  /** Drops of {@code [units][n]} hidden units in place. */
  void hidden(int site, int row, int n, int units, float[] x, int offset) {
    float factor = hiddenFactor();
    for (int r = 0; r < n; r++) {
      long rowKey = rowKey(site, row + r);
      for (int j = 0; j < units; j += 4) {
        long bits = Stable.mix(rowKey + j);
        for (int i = j; i < Math.min(j + 4, units); i++) {
          int at = offset + i * n + r;
          x[at] = (bits & 0xFFFF) < hidden ? 0 : x[at] * factor;
          bits >>>= 16;
        }
      }
    }
  }
}
