package io.tagloom.export.tables;

import java.io.Serializable;

/** How a record of type T becomes the columns of a table. */
interface RecordShape<T> extends Serializable {
  /** Writes all columns of a record, in the order of the schema. */
  void write(T record, Columns columns);
}
