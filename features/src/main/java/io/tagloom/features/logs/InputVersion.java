package io.tagloom.features.logs;

import java.util.Objects;

/** A version of one input table whose format keeps versions. Immutable. */
public final class InputVersion {
  private final String format;
  private final String place;
  private final String number;

  InputVersion(String format, String place, String number) {
    this.format = Objects.requireNonNull(format);
    this.place = Objects.requireNonNull(place);
    this.number = Objects.requireNonNull(number);
  }

  /** The format: iceberg or delta. */
  public String format() {
    return format;
  }

  /** Path or name of the table. */
  public String place() {
    return place;
  }

  /** The version as its format names it: a snapshot's id of Iceberg, a version of Delta. */
  public String number() {
    return number;
  }

  /** For a person: {@code iceberg lake.ads.clicks 2089364820}. */
  @Override
  public String toString() {
    return format + " " + place + " " + number;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof InputVersion && toString().equals(other.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }
}
