package io.tagloom.export;

import io.tagloom.export.tables.TableKind;
import io.tagloom.export.tables.TablePart;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SerializableWritable;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;

/** Where the tasks of one version write. */
final class TablePlan implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Broadcast<SerializableWritable<Configuration>> hadoop;
  private final String folder;
  private final String modelId;

  TablePlan(Broadcast<SerializableWritable<Configuration>> hadoop, Path folder, String modelId) {
    this.hadoop = hadoop;
    this.folder = folder.toString();
    this.modelId = modelId;
  }

  Configuration configuration() {
    return hadoop.value().value();
  }

  Path folder() {
    return new Path(folder);
  }

  String modelId() {
    return modelId;
  }

  /** A file of a table; its number is that of the partition. */
  TablePart part(TableKind kind, int part) {
    return new TablePart(configuration(), folder(), kind, part, attempt(), modelId);
  }

  /** What tells two attempts at a task apart. */
  static String attempt() {
    TaskContext task = TaskContext.get();
    return task == null ? "driver" : String.valueOf(task.taskAttemptId());
  }
}
