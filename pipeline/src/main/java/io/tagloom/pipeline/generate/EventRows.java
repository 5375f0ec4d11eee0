package io.tagloom.pipeline.generate;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** What tasks do with a log: make its rows, or count them by kind. One impression at a time. */
final class EventRows {
  private EventRows() {}

  /** Makes rows with {@code dt} as the last column. */
  static MapPartitionsFunction<Long, Row> written(EventLog log, LogDays days) {
    return indexes -> new Rows(log, days, indexes);
  }

  /** Counts rows by {@link EventKind}, in the order of the constants; one array per partition. */
  static FlatMapFunction<Iterator<Long>, long[]> counted(EventLog log) {
    return indexes -> {
      Map<EventKind, long[]> counts = new EnumMap<>(EventKind.class);
      for (EventKind kind : EventKind.values()) {
        counts.put(kind, new long[1]);
      }
      while (indexes.hasNext()) {
        log.rows(indexes.next(), event -> counts.get(event.kind())[0]++);
      }
      long[] byKind = counts.values().stream().mapToLong(count -> count[0]).toArray();
      return Collections.singletonList(byKind).iterator();
    };
  }

  /** Rows of one partition, made as they are asked for. */
  private static final class Rows implements Iterator<Row> {
    private final EventLog log;
    private final LogDays days;
    private final Iterator<Long> indexes;
    private final Queue<Row> ready = new ArrayDeque<>();

    Rows(EventLog log, LogDays days, Iterator<Long> indexes) {
      this.log = log;
      this.days = days;
      this.indexes = indexes;
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && indexes.hasNext()) {
        log.rows(indexes.next(), this::add);
      }
      return !ready.isEmpty();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.remove();
    }

    private void add(LogEvent event) {
      if (event.kind() != EventKind.AFTER_END) {
        ready.add(RowFactory.create(event.valuesAnd(days.name(event.day()))));
      }
    }
  }
}
