package io.tagloom.features.logs;

import io.tagloom.conf.SampleSettings;
import io.tagloom.conf.TableSettings;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.api.java.UDF1;

/**
 * Reads a text as a time, to the millisecond: a number since 1970, ISO 8601 with a blank or T in
 * the middle, or by a pattern; null when the text does not match.
 *
 * <p>A function of our own since Spark's cast takes a text without a date for a time of today, and
 * reads offsets without a colon, or after a blank, by its version.
 */
final class TextTime implements UDF1<String, Long> {
  private static final long serialVersionUID = 1L;

  private static final Pattern ISO =
      Pattern.compile(
          "([0-9]{4,6})-([0-9]{1,2})-([0-9]{1,2})"
              + "(?:(?:T| +)([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2})(?:[.,]([0-9]+))?)?"
              + " *([+-][0-9:]+|[A-Za-z][A-Za-z0-9_/+:-]*)?(?:\\[[^\\]]*\\])?)?");

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?[0-9]+(?:[.][0-9]*)?(?:[eE][+-]?[0-9]+)?");

  private static final long FIRST = Days.start(SampleSettings.FIRST_DAY);
  private static final long END = Days.start(SampleSettings.END_DAY);
  private static final BigDecimal SECONDS = BigDecimal.valueOf(END);

  private static final Pattern OFFSET =
      Pattern.compile("([+-])([0-9]{1,2})(?::?([0-9]{2}))?(?::?([0-9]{2}))?");

  /** Patterns that programs write by default, for a hint. */
  private static final List<String> COMMON =
      Arrays.asList(
          "yyyy/MM/dd HH:mm:ss",
          "yyyy.MM.dd HH:mm:ss",
          "yyyyMMddHHmmss",
          "yyyyMMdd HH:mm:ss",
          "yyyyMMdd'T'HHmmssX",
          "dd.MM.yyyy HH:mm:ss",
          "d MMM yyyy HH:mm:ss",
          "d MMMM yyyy HH:mm:ss",
          "MMM d, yyyy HH:mm:ss",
          "MMMM d, yyyy HH:mm:ss",
          "d/MMM/yyyy:HH:mm:ss Z",
          "d-MMM-yyyy HH:mm:ss",
          "EEE, d MMM yyyy HH:mm:ss z",
          "EEE MMM d HH:mm:ss z yyyy",
          "EEE MMM d HH:mm:ss yyyy");

  private final String pattern;
  private final String zone;
  private transient DateTimeFormatter formatter;
  private transient ZoneId zoneId;

  /**
   * A reader.
   *
   * @param pattern {@link TableSettings#AUTO} for ISO 8601 and numbers of any unit, one of {@link
   *     TableSettings#UNITS}, or a pattern of {@link DateTimeFormatter} with English names
   * @param zone of times without one
   */
  TextTime(String pattern, ZoneId zone) {
    this.pattern = pattern;
    this.zone = zone.getId();
  }

  /** A common pattern that reads the text of a column in a row, which is given as JSON. */
  static Optional<String> patternIn(String row, String column) {
    Matcher found =
        Pattern.compile(Pattern.quote("\"" + column + "\":\"") + "([^\"]*)").matcher(row);
    String text = found.find() ? found.group(1) : "";
    return COMMON.stream()
        .filter(pattern -> new TextTime(pattern, ZoneId.of("UTC")).call(text) != null)
        .findFirst();
  }

  @Override
  public Long call(String text) {
    if (text == null) {
      return null;
    }
    if (zoneId == null) {
      zoneId = ZoneId.of(zone);
    }
    try {
      return read(text.trim());
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      return null;
    }
  }

  private Long read(String text) {
    int unit = TableSettings.UNITS.indexOf(pattern);
    if (unit < 0 && !pattern.equals(TableSettings.AUTO)) {
      return byPattern(text);
    }
    if (!NUMBER.matcher(text).matches()) {
      return unit < 0 ? iso(text) : null;
    }
    return number(new BigDecimal(text), unit);
  }

  /**
   * Milliseconds of a number: by its unit, or, since the plausible times of two units have none in
   * common, by the unit in which it is plausible; one that is so in none is taken for milliseconds,
   * and breaks the rule of times.
   */
  private static Long number(BigDecimal number, int unit) {
    // A longer number is no time in any unit, and would take long to write out.
    if (number.precision() - number.scale() > 30) {
      return null;
    }
    if (unit >= 0) {
      return millis(number, unit);
    }
    for (int i = 0; i < TableSettings.UNITS.size(); i++) {
      if (number.precision() - number.scale() <= 19) {
        Long millis = i == 0 && number.abs().compareTo(SECONDS) > 0 ? null : millis(number, i);
        if (millis != null && millis >= FIRST && millis < END) {
          return millis;
        }
      }
    }
    return millis(number, TableSettings.UNITS.indexOf("millis"));
  }

  private static long millis(BigDecimal number, int unit) {
    return number.movePointRight(3 - 3 * unit).setScale(0, RoundingMode.FLOOR).longValueExact();
  }

  /** Epoch milliseconds in another unit, rounded down. */
  static long bound(long millis, int unit) {
    return BigDecimal.valueOf(millis)
        .movePointLeft(3 - 3 * unit)
        .setScale(0, RoundingMode.FLOOR)
        .longValueExact();
  }

  private Long iso(String text) {
    Matcher parts = ISO.matcher(text);
    if (!parts.matches()) {
      return null;
    }
    String fraction = (parts.group(7) == null ? "" : parts.group(7)) + "000";
    LocalDateTime local =
        LocalDateTime.of(
            number(parts, 1),
            number(parts, 2),
            number(parts, 3),
            number(parts, 4),
            number(parts, 5),
            number(parts, 6),
            Integer.parseInt(fraction.substring(0, 3)) * 1_000_000);
    ZoneId own = parts.group(8) == null ? zoneId : zone(parts.group(8));
    return local.atZone(own).toInstant().toEpochMilli();
  }

  private static int number(Matcher parts, int group) {
    return parts.group(group) == null ? 0 : Integer.parseInt(parts.group(group));
  }

  /** A zone as it stands behind a time: an offset with or without a colon, or a name. */
  private static ZoneId zone(String text) {
    Matcher offset = OFFSET.matcher(text);
    if (!offset.matches()) {
      return ZoneId.of(text.equalsIgnoreCase("z") ? "Z" : text);
    }
    StringBuilder id = new StringBuilder(offset.group(1));
    id.append(offset.group(2).length() == 1 ? "0" : "").append(offset.group(2));
    for (int i = 3; i <= 4; i++) {
      id.append(offset.group(i) == null ? "" : ":" + offset.group(i));
    }
    return ZoneId.of(id.toString());
  }

  private Long byPattern(String text) {
    if (formatter == null) {
      formatter =
          new DateTimeFormatterBuilder()
              .parseCaseInsensitive()
              .appendPattern(pattern)
              .toFormatter(Locale.ENGLISH)
              .withZone(zoneId);
    }
    TemporalAccessor parsed =
        formatter.parseBest(text, ZonedDateTime::from, LocalDateTime::from, LocalDate::from);
    if (parsed instanceof ZonedDateTime) {
      return Instant.from(parsed).toEpochMilli();
    }
    LocalDateTime local =
        parsed instanceof LocalDateTime
            ? (LocalDateTime) parsed
            : ((LocalDate) parsed).atStartOfDay();
    return local.atZone(zoneId).toInstant().toEpochMilli();
  }
}
