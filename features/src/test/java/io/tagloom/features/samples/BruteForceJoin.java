package io.tagloom.features.samples;

import io.tagloom.conf.SampleSettings;
import io.tagloom.conf.SampleSettings.Attribution;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.hash.Murmur3_x86_32;

/**
 * The label join once more, for logs of a few rows: loops over lists, each rule as it is written
 * down, nothing shared with the join under test but the order of equal copies.
 */
final class BruteForceJoin {
  private static final int CLICK_ID = 0;

  /** No time is the first from which a touch would be the first. */
  private static final long NO_FIRST = Long.MAX_VALUE;

  private final SampleSettings settings;
  private final long end;
  private final long skew;
  private final long clickWindow;
  private final long viewWindow;
  private final boolean first;
  private final SortedMap<String, Long> counts = new TreeMap<>();
  private final List<Impression> impressions = new ArrayList<>();
  private final List<Click> clicks = new ArrayList<>();

  private static final class Impression {
    private Object[] row;
    private final List<Click> clicks = new ArrayList<>();
    private final List<Object[]> conversions = new ArrayList<>();
    private final Map<String, Boolean> labels = new LinkedHashMap<>();

    private String id() {
      return (String) row[0];
    }

    private long ts() {
      return (Long) row[3];
    }
  }

  private static final class Click {
    private Object[] row;
    private Impression impression;
    private String status;

    private long ts() {
      return (Long) row[4];
    }

    private boolean counts() {
      return status.equals("counted");
    }
  }

  private BruteForceJoin(SampleSettings settings, LocalDate asOf) {
    this.settings = settings;
    this.end = asOf.plusDays(1).toEpochDay() * 86_400_000L;
    this.skew = settings.clockSkewSeconds() * 1000L;
    this.clickWindow = settings.clickWindowMinutes() * 60_000L;
    this.first = settings.attribution() == Attribution.FIRST_TOUCH;
    this.viewWindow = settings.viewThroughWindowDays() * 86_400_000L;
  }

  /** The samples by impression id, each as {@code column=value} texts. */
  static SortedMap<String, String> samples(
      TestLog log, SampleSettings settings, LocalDate asOf, SortedMap<String, Long> counts) {
    BruteForceJoin join = new BruteForceJoin(settings, asOf);
    join.join(log);
    join.counts.forEach((name, n) -> counts.merge(name, n, Long::sum));
    SortedMap<String, String> samples = new TreeMap<>();
    join.impressions.forEach(impression -> samples.put(impression.id(), join.text(impression)));
    return samples;
  }

  private void join(TestLog log) {
    for (Object[] row : first(valid(log.impressions, 3, this::impressionRule), 3)) {
      Impression impression = new Impression();
      impression.row = row;
      impressions.add(impression);
      count("impressions.distinct");
    }
    for (Object[] row : first(valid(log.clicks, 4, this::clickRule), 4)) {
      click(row);
    }
    for (Object[] row : first(valid(log.conversions, 5, this::conversionRule), 5)) {
      count("conversions." + conversion(row));
    }
  }

  private boolean impressionRule(Object[] row) {
    return id(row[0]) && id(row[1]) && id(row[2]) && (row[4] == null || (Integer) row[4] >= 0);
  }

  private boolean clickRule(Object[] row) {
    return id(row[1]) || id(row[2]) && id(row[3]);
  }

  private boolean conversionRule(Object[] row) {
    boolean key = id(row[1]) || id(row[2]) || id(row[3]) && id(row[4]);
    return key && (row[7] == null || (Double) row[7] >= 0);
  }

  private static boolean id(Object value) {
    return value != null && !value.toString().trim().isEmpty();
  }

  private List<Object[]> valid(List<Object[]> rows, int ts, Predicate<Object[]> rule) {
    List<Object[]> valid = new ArrayList<>();
    for (Object[] row : rows) {
      boolean later = row[ts] != null && (Long) row[ts] >= end;
      if (!later && row[ts] != null && (Long) row[ts] > 631_152_000_000L && rule.test(row)) {
        Object[] clean = row.clone();
        for (int i = 0; i < ts; i++) {
          clean[i] = id(clean[i]) ? clean[i] : null;
        }
        valid.add(clean);
      }
    }
    return valid;
  }

  /** Of rows with the same id, or without one of equal rows, the earliest, then least hash. */
  private static List<Object[]> first(List<Object[]> rows, int ts) {
    Map<Object, Object[]> first = new LinkedHashMap<>();
    Comparator<Object[]> order = Comparator.comparingLong(row -> (Long) row[ts]);
    order = order.thenComparingInt(BruteForceJoin::hash);
    for (Object[] row : rows) {
      Object key = row[0] != null ? row[0] : Arrays.asList(row);
      Object[] other = first.get(key);
      if (other == null || order.compare(row, other) < 0) {
        first.put(key, row);
      }
    }
    return new ArrayList<>(first.values());
  }

  private static int hash(Object[] row) {
    int hash = 42;
    for (Object value : row) {
      if (value instanceof String) {
        byte[] bytes = ((String) value).getBytes(StandardCharsets.UTF_8);
        hash =
            Murmur3_x86_32.hashUnsafeBytes(bytes, Platform.BYTE_ARRAY_OFFSET, bytes.length, hash);
      } else if (value instanceof Long) {
        hash = Murmur3_x86_32.hashLong((Long) value, hash);
      } else if (value instanceof Integer) {
        hash = Murmur3_x86_32.hashInt((Integer) value, hash);
      } else if (value instanceof Double) {
        hash = Murmur3_x86_32.hashLong(Double.doubleToLongBits((Double) value), hash);
      }
    }
    return hash;
  }

  private void click(Object[] row) {
    Click click = new Click();
    click.row = row;
    click.impression =
        row[1] != null
            ? named((String) row[1])
            : shown(row[2], row[3], click.ts() + skew, NO_FIRST);
    if (click.impression == null) {
      click.status = "orphaned";
    } else {
      long delay = click.ts() - click.impression.ts();
      click.status = delay >= -skew && delay <= clickWindow ? "counted" : "out_of_window";
    }
    if (click.counts()) {
      click.impression.clicks.add(click);
    }
    clicks.add(click);
    count("clicks." + click.status);
  }

  private Impression named(String id) {
    return impressions.stream().filter(i -> i.id().equals(id)).findFirst().orElse(null);
  }

  /** The first one from a time on, else the last one up to another. */
  private Impression shown(Object user, Object item, long until, long firstFrom) {
    Impression last = null;
    Impression first = null;
    for (Impression i : impressions) {
      boolean fits = i.row[1].equals(user) && i.row[2].equals(item) && i.ts() <= until;
      if (fits
          && (last == null
              || i.ts() > last.ts()
              || i.ts() == last.ts() && i.id().compareTo(last.id()) > 0)) {
        last = i;
      }
      if (fits
          && i.ts() >= firstFrom
          && (first == null
              || i.ts() < first.ts()
              || i.ts() == first.ts() && i.id().compareTo(first.id()) > 0)) {
        first = i;
      }
    }
    return first != null ? first : last;
  }

  private long window(String type) {
    Integer own = type == null ? null : settings.conversionWindows().get(type);
    return (own == null ? settings.conversionWindowDays() : own) * 86_400_000L;
  }

  private long longestWindow() {
    List<String> types = new ArrayList<>(settings.conversionTypes());
    if (types.isEmpty()) {
      types.addAll(settings.conversionWindows().keySet());
      types.add("of no window of its own");
    }
    types.addAll(settings.labelTypes());
    return types.stream().mapToLong(this::window).max().orElse(0);
  }

  private String conversion(Object[] row) {
    String type = (String) row[6];
    boolean counts =
        settings.conversionTypes().isEmpty() || settings.conversionTypes().contains(type);
    if (!counts && !settings.labelTypes().contains(type)) {
      return "other_type";
    }
    long ts = (Long) row[5];
    Click click;
    Impression viewed = null;
    if (row[1] != null) {
      click = clicks.stream().filter(c -> row[1].equals(c.row[CLICK_ID])).findFirst().orElse(null);
      if (click == null || !click.counts()) {
        return click == null ? "orphaned" : click.status;
      }
    } else if (row[2] != null) {
      viewed = named((String) row[2]);
      if (viewed == null) {
        return "orphaned";
      }
      Impression shown = viewed;
      click = touch(ts, window(type), c -> c.impression == shown);
      if (click == null && !settings.viewThrough()) {
        return "unclicked";
      }
    } else {
      click =
          touch(
              ts,
              window(type),
              c -> c.impression.row[1].equals(row[3]) && c.impression.row[2].equals(row[4]));
      viewed =
          click == null && settings.viewThrough()
              ? shown(row[3], row[4], ts, first ? ts - viewWindow : NO_FIRST)
              : null;
      if (click == null && viewed == null) {
        return "orphaned";
      }
    }
    long from = click != null ? click.ts() : viewed.ts();
    if (ts < from || ts > from + (click != null ? window(type) : viewWindow)) {
      return "out_of_window";
    }
    Impression impression = click != null ? click.impression : viewed;
    if (counts) {
      impression.conversions.add(row);
    }
    if (type != null) {
      impression.labels.put(type, true);
    }
    return click != null ? "counted" : "view_through";
  }

  private Click touch(long until, long window, Predicate<Click> fits) {
    Click last = lastClick(until, fits);
    if (!first) {
      return last;
    }
    Click earliest = null;
    for (Click click : clicks) {
      if (click.counts()
          && click.ts() <= until
          && click.ts() >= until - window
          && fits.test(click)
          && (earliest == null
              || click.ts() < earliest.ts()
              || click.ts() == earliest.ts() && order(click, earliest) > 0)) {
        earliest = click;
      }
    }
    return earliest != null ? earliest : last;
  }

  private Click lastClick(long until, Predicate<Click> fits) {
    Click last = null;
    for (Click click : clicks) {
      if (click.counts()
          && click.ts() <= until
          && fits.test(click)
          && (last == null || order(click, last) > 0)) {
        last = click;
      }
    }
    return last;
  }

  private static int order(Click a, Click b) {
    return a.ts() != b.ts() ? Long.compare(a.ts(), b.ts()) : key(a.row).compareTo(key(b.row));
  }

  /** The order of events of the same time: those without an id first, then by id. */
  private static String key(Object[] row) {
    if (row[0] != null) {
      return "=" + row[0];
    }
    StringBuilder key = new StringBuilder("*");
    for (int i = 0; i < row.length; i++) {
      key.append(i == 0 ? "" : "\u0002").append(row[i] == null ? "\u0001" : row[i]);
    }
    // The column dwell_ms, which these logs do not have.
    return row.length == 5 ? key.append("\u0002\u0001").toString() : key.toString();
  }

  private String text(Impression impression) {
    boolean clicked = !impression.clicks.isEmpty();
    long first = impression.clicks.stream().mapToLong(Click::ts).min().orElse(0);
    long last = impression.clicks.stream().mapToLong(Click::ts).max().orElse(0);
    Comparator<Object[]> order = Comparator.comparingLong(row -> (Long) row[5]);
    Object[] conversion =
        impression.conversions.stream()
            .min(order.thenComparing(BruteForceJoin::key))
            .orElse(new Object[8]);
    long windowEnd =
        clicked
            ? Math.max(last + longestWindow(), impression.ts() + clickWindow)
            : impression.ts()
                + Math.max(clickWindow + longestWindow(), settings.viewThrough() ? viewWindow : 0);
    Map<String, Object> sample = new LinkedHashMap<>();
    sample.put("impression_id", impression.id());
    sample.put("user_id", impression.row[1]);
    sample.put("item_id", impression.row[2]);
    sample.put("ts", impression.ts());
    sample.put("position", impression.row[4]);
    sample.put("click", clicked ? 1 : 0);
    sample.put("click_ts", clicked ? first : null);
    sample.put("clicks", impression.clicks.size());
    sample.put("conversion", conversion[5] == null ? 0 : 1);
    sample.put("conversion_ts", conversion[5]);
    sample.put("conversion_type", conversion[6]);
    sample.put("value", conversion[7]);
    for (String type : settings.labelTypes()) {
      sample.put(type, impression.labels.containsKey(type) ? 1 : 0);
    }
    sample.put("elapsed_ms", Math.min(windowEnd, end) - (clicked ? first : impression.ts()));
    sample.put("mature", windowEnd < end);
    sample.put("dt", Instant.ofEpochMilli(impression.ts()).atZone(ZoneOffset.UTC).toLocalDate());
    return text(sample);
  }

  /** A sample as one line. */
  static String text(Map<String, ?> sample) {
    StringBuilder text = new StringBuilder();
    new LinkedHashMap<>(sample).forEach((name, value) -> text.append(name + "=" + value + " "));
    return text.toString().trim();
  }

  private void count(String name) {
    counts.merge(name, 1L, Long::sum);
  }
}
