package io.tagloom.pipeline.generate;

import java.io.Serializable;
import java.util.function.Consumer;
import org.apache.spark.sql.types.StructType;

/** A log whose rows follow from impressions, each from one. */
interface EventLog extends Serializable {
  /** Columns without {@code dt}. */
  StructType schema();

  /** Makes all rows that follow from the impression of an index. */
  void rows(long index, Consumer<LogEvent> to);
}
