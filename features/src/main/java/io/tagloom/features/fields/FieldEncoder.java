package io.tagloom.features.fields;

import io.tagloom.conf.FieldKind;
import io.tagloom.conf.FieldSettings;
import io.tagloom.conf.Normalize;
import io.tagloom.conf.Side;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Reads one field of a row in the forms of {@link InputColumns} and gives its ids.
 *
 * <p>Rules: null and the empty text are no value. A value of a list counts with its weight (1
 * without weights); it is left out when the weight is missing, NaN, infinite or 0. Negative weights
 * stay. Values beyond the list of weights are left out, weights beyond the values ignored. Values
 * that have the same id are merged and their weights added.
 */
final class FieldEncoder implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Vocabulary vocabulary;
  private final FieldKind kind;
  private final boolean list;
  private final boolean weighted;
  private final boolean normalize;
  private final boolean ofUser;
  private final int ordinal;

  FieldEncoder(FieldSettings field, Vocabulary vocabulary, boolean list, int ordinal) {
    this.vocabulary = vocabulary;
    this.kind = field.kind();
    this.list = list;
    this.weighted = !InputColumns.weightsColumn(field).isEmpty();
    this.normalize = field.normalize() == Normalize.MEAN;
    this.ofUser = field.side() == Side.USER;
    this.ordinal = ordinal;
  }

  boolean isList() {
    return list;
  }

  /** Whether rows that come one after another tend to have the same value. */
  boolean isOfUser() {
    return ofUser;
  }

  /** Watches the columns that the field is read from. */
  LastInput lastInput() {
    return new LastInput(ordinal, weighted ? 2 : 1, kind == FieldKind.BUCKETED);
  }

  /** The id of a field that is no list; 0 when there is no value. */
  int id(InternalRow row) {
    if (row.isNullAt(ordinal)) {
      return Vocabulary.PADDING;
    }
    return kind == FieldKind.BUCKETED
        ? vocabulary.bucketId(row.getDouble(ordinal))
        : id(row.getUTF8String(ordinal));
  }

  private int id(UTF8String value) {
    return kind == FieldKind.HASHED ? vocabulary.hashId(value) : vocabulary.valueId(value);
  }

  /** Fills the buffer with the ids and weights of a list field. */
  void ids(InternalRow row, IdBuffer buffer) {
    buffer.clear();
    int length = length(row, ordinal, weighted);
    if (length == 0) {
      return;
    }
    ArrayData values = row.getArray(ordinal);
    ArrayData weights = weighted ? row.getArray(ordinal + 1) : null;
    for (int i = 0; i < length; i++) {
      double weight = weight(values, weights, i);
      if (weight != 0) {
        buffer.add(id(values.getUTF8String(i)), weight);
      }
    }
    buffer.merge();
    if (normalize) {
      buffer.normalize();
    }
  }

  /** Number of values of a list that may count. */
  static int length(InternalRow row, int ordinal, boolean weighted) {
    if (row.isNullAt(ordinal) || weighted && row.isNullAt(ordinal + 1)) {
      return 0;
    }
    int length = row.getArray(ordinal).numElements();
    return weighted ? Math.min(length, row.getArray(ordinal + 1).numElements()) : length;
  }

  /** The weight of a value; 0 when the value does not count. */
  static double weight(ArrayData values, ArrayData weights, int i) {
    if (values.isNullAt(i) || values.getUTF8String(i).numBytes() == 0) {
      return 0;
    }
    if (weights == null) {
      return 1;
    }
    double weight = weights.isNullAt(i) ? 0 : weights.getDouble(i);
    return Double.isNaN(weight) || Double.isInfinite(weight) ? 0 : weight;
  }
}
