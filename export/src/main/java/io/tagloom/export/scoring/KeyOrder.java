package io.tagloom.export.scoring;

/**
 * Order of tags and other keys: by UTF-8 bytes, as Parquet statistics and Spark's {@code ORDER BY}
 * have it. It is the order of code points, which {@link String#compareTo} is not.
 */
public final class KeyOrder {
  private KeyOrder() {}

  /** Negative, zero or positive as {@code a} comes before, is, or comes after {@code b}. */
  public static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        // Surrogates stand for code points above every other char.
        boolean high = Character.isSurrogate(x);
        return high == Character.isSurrogate(y) ? x - y : high ? 1 : -1;
      }
    }
    return a.length() - b.length();
  }
}
