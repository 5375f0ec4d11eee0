package io.tagloom.features.logs;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import org.apache.spark.sql.api.java.UDF1;

/**
 * Reads a text timestamp by a pattern, to the millisecond; null when the text does not match.
 *
 * <p>A function of our own because {@code to_timestamp} of Spark 2.4 drops what is below a second.
 */
final class PatternTimestamp implements UDF1<String, Long> {
  private static final long serialVersionUID = 1L;

  private final String pattern;
  private final String zone;
  private transient DateTimeFormatter formatter;

  PatternTimestamp(String pattern, ZoneId zone) {
    this.pattern = pattern;
    this.zone = zone.getId();
  }

  @Override
  public Long call(String text) {
    if (text == null) {
      return null;
    }
    if (formatter == null) {
      formatter = DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneId.of(zone));
    }
    try {
      TemporalAccessor parsed =
          formatter.parseBest(
              text.trim(), ZonedDateTime::from, LocalDateTime::from, LocalDate::from);
      if (parsed instanceof ZonedDateTime) {
        return Instant.from(parsed).toEpochMilli();
      }
      LocalDateTime local =
          parsed instanceof LocalDateTime
              ? (LocalDateTime) parsed
              : ((LocalDate) parsed).atStartOfDay();
      return local.atZone(ZoneId.of(zone)).toInstant().toEpochMilli();
    } catch (DateTimeException e) {
      return null;
    }
  }
}
