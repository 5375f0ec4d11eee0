package io.tagloom.features.logs;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.apache.spark.sql.api.java.UDF1;

/**
 * Brings an id to the one form that it has in all logs: without blanks around it, whole numbers as
 * their digits.
 */
final class IdText implements UDF1<String, String> {
  private static final long serialVersionUID = 1L;

  /** In the place of an id that came as a floating-point number which cannot tell it exactly. */
  static final String INEXACT = "\uDBFF\uDFFF";

  /** In the place of an id whose bytes are none of the file's encoding. */
  static final String UNDECODED = "\uDBFF\uDFFE";

  /** What a decoder writes for bytes that it cannot decode. */
  static final String REPLACEMENT = "\uFFFD";

  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]+(?:[.]0*)?");

  /** A number as floating-point columns are written to text: with an exponent. */
  private static final Pattern EXPONENT =
      Pattern.compile("[+-]?[0-9]+(?:[.][0-9]+[eE][+]?|[eE][+])[0-9]+");

  private static final BigDecimal DOUBLES = BigDecimal.valueOf(1L << 53);

  /** What kind of column an id comes from. */
  enum Source {
    /** A text, which may have been a number before. */
    TEXT,
    /** A text of a text file, which may not be decoded. */
    FILE,
    /** A number with digits behind the point, all of them exact. */
    EXACT,
    /** A floating-point number of 64 bits. */
    DOUBLE,
    /** A floating-point number of 32 bits. */
    FLOAT
  }

  private final Source source;

  IdText(Source source) {
    this.source = source;
  }

  @Override
  public String call(String own) {
    if (own == null) {
      return null;
    }
    if (source == Source.FILE && own.contains(REPLACEMENT)) {
      return UNDECODED;
    }
    String text = trimmed(own);
    switch (source) {
      case EXACT:
        BigDecimal exact = new BigDecimal(text).stripTrailingZeros();
        return exact.signum() == 0 ? "0" : exact.toPlainString();
      case DOUBLE:
      case FLOAT:
        return text.equals("NaN") ? null : floating(text);
      default:
        if (text.indexOf('.') < 0 && text.indexOf('+') < 0) {
          return text.isEmpty() ? null : text;
        }
        return ofText(text);
    }
  }

  private String ofText(String text) {
    boolean point = text.indexOf('.') >= 0;
    if (!WHOLE.matcher(text).matches()) {
      return EXPONENT.matcher(text).matches() ? floating(text) : text;
    }
    int end = point ? text.indexOf('.') : text.length();
    String digits = text.substring(text.charAt(0) == '+' ? 1 : 0, end);
    // Digits with a point behind are of a floating-point column.
    return point && digits.length() > 15 ? floating(digits) : digits;
  }

  private String floating(String text) {
    if (text.endsWith("Infinity")) {
      return INEXACT;
    }
    BigDecimal number = new BigDecimal(text);
    BigDecimal bound = source == Source.FLOAT ? BigDecimal.valueOf(1L << 24) : DOUBLES;
    boolean exact = number.abs().compareTo(bound) < 0 && number.stripTrailingZeros().scale() <= 0;
    return exact ? number.toBigInteger().toString() : INEXACT;
  }

  private static String trimmed(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isBlank(text.charAt(from))) {
      from++;
    }
    while (from < to && isBlank(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean isBlank(char letter) {
    return letter <= ' ' || letter == '\u00a0' || letter == '\ufeff';
  }
}
