package io.tagloom.export.tables;

import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

/** Writes fields and lists of one group to Parquet. */
final class Columns {
  private static final String LIST = "list";
  private static final String ELEMENT = "element";

  private final RecordConsumer consumer;

  Columns(RecordConsumer consumer) {
    this.consumer = consumer;
  }

  void text(String name, int index, String value) {
    consumer.startField(name, index);
    consumer.addBinary(Binary.fromString(value));
    consumer.endField(name, index);
  }

  void number(String name, int index, double value) {
    consumer.startField(name, index);
    consumer.addDouble(value);
    consumer.endField(name, index);
  }

  void number(String name, int index, float value) {
    consumer.startField(name, index);
    consumer.addFloat(value);
    consumer.endField(name, index);
  }

  void number(String name, int index, int value) {
    consumer.startField(name, index);
    consumer.addInteger(value);
    consumer.endField(name, index);
  }

  void number(String name, int index, long value) {
    consumer.startField(name, index);
    consumer.addLong(value);
    consumer.endField(name, index);
  }

  /** A list of {@code length} floats. */
  void floats(String name, int index, float[] values, int offset, int length) {
    list(
        name,
        index,
        length,
        i -> {
          consumer.startField(ELEMENT, 0);
          consumer.addFloat(values[offset + i]);
          consumer.endField(ELEMENT, 0);
        });
  }

  void integers(String name, int index, int[] values) {
    list(
        name,
        index,
        values.length,
        i -> {
          consumer.startField(ELEMENT, 0);
          consumer.addInteger(values[i]);
          consumer.endField(ELEMENT, 0);
        });
  }

  /** A list of {@code rows} lists of {@code width} floats each. */
  void matrix(String name, int index, float[] values, int offset, int rows, int width) {
    list(name, index, rows, row -> floats(ELEMENT, 0, values, offset + row * width, width));
  }

  /** A list of groups. */
  void groups(String name, int index, int size, IndexWriter element) {
    list(
        name,
        index,
        size,
        i -> {
          consumer.startField(ELEMENT, 0);
          consumer.startGroup();
          element.write(i);
          consumer.endGroup();
          consumer.endField(ELEMENT, 0);
        });
  }

  private void list(String name, int index, int size, IndexWriter element) {
    consumer.startField(name, index);
    consumer.startGroup();
    if (size > 0) {
      consumer.startField(LIST, 0);
      for (int i = 0; i < size; i++) {
        consumer.startGroup();
        element.write(i);
        consumer.endGroup();
      }
      consumer.endField(LIST, 0);
    }
    consumer.endGroup();
    consumer.endField(name, index);
  }

  /** Writes the element at a position. */
  interface IndexWriter {
    void write(int index);
  }
}
