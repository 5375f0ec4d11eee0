package io.tagloom.export;

import io.tagloom.conf.JdbcSettings;
import io.tagloom.export.publish.Manifest;
import io.tagloom.export.publish.VersionStore;
import io.tagloom.export.sinks.JdbcSink;
import io.tagloom.export.tables.TableFiles;
import io.tagloom.export.tables.TableKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SerializableWritable;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/** Fills the serving database with the published profiles. */
final class ServingJob {
  private ServingJob() {}

  /**
   * Puts all profiles of a version into the database of the settings, several files at once.
   *
   * @return rows written
   * @throws IOException if the database cannot be prepared
   */
  static long fill(SparkSession spark, JdbcSettings settings, VersionStore store, Manifest manifest)
      throws IOException {
    String password = System.getenv(settings.passwordVariable());
    JdbcSink sink = new JdbcSink(settings, password == null ? "" : password);
    sink.prepare();
    List<String> files = new ArrayList<>();
    Path folder = store.folder(manifest.version());
    for (Path file :
        new TableFiles(store.configuration(), folder, TableKind.USER_TAG_PROFILE).list()) {
      files.add(file.toString());
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<SerializableWritable<Configuration>> hadoop =
        context.broadcast(new SerializableWritable<>(store.configuration()));
    try {
      context.setJobGroup("export database", "Fill " + settings.table() + " with profiles");
      int slices = Math.max(1, Math.min(files.size(), settings.connections()));
      return rows(context.parallelize(files, slices), sink, hadoop);
    } finally {
      context.clearJobGroup();
      hadoop.destroy();
    }
  }

  private static long rows(
      JavaRDD<String> files, JdbcSink sink, Broadcast<SerializableWritable<Configuration>> hadoop) {
    return files
        .map(file -> sink.write(hadoop.value().value(), new Path(file)))
        .fold(0L, Long::sum);
  }
}
