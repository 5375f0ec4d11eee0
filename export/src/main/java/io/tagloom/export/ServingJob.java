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
import java.util.Map;
import java.util.TreeMap;
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
   * Puts all profiles of a version into the database of the settings, several files at once, and
   * removes those of users that the version does not have.
   *
   * @return {@code jdbc.rows} written and {@code jdbc.removed}
   * @throws IOException if the database cannot be prepared
   */
  static Map<String, Double> fill(
      SparkSession spark, JdbcSettings settings, VersionStore store, Manifest manifest)
      throws IOException {
    JdbcSink sink = sink(settings);
    List<String> files = new ArrayList<>();
    files(store, manifest).forEach(file -> files.add(file.toString()));
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<SerializableWritable<Configuration>> hadoop =
        context.broadcast(new SerializableWritable<>(store.configuration()));
    try {
      context.setJobGroup("export database", "Fill " + settings.table() + " with profiles");
      int slices = Math.max(1, Math.min(files.size(), settings.connections()));
      return done(rows(context.parallelize(files, slices), sink, hadoop), sink, manifest);
    } finally {
      context.clearJobGroup();
      hadoop.destroy();
    }
  }

  /** The same without Spark, one file after the other. */
  static Map<String, Double> fill(JdbcSettings settings, VersionStore store, Manifest manifest)
      throws IOException {
    JdbcSink sink = sink(settings);
    return done(sink.write(store.configuration(), files(store, manifest)), sink, manifest);
  }

  private static Map<String, Double> done(long rows, JdbcSink sink, Manifest manifest)
      throws IOException {
    Map<String, Double> numbers = new TreeMap<>();
    numbers.put("jdbc.rows", (double) rows);
    numbers.put("jdbc.removed", (double) sink.removeOthers(manifest.date(), manifest.modelId()));
    return numbers;
  }

  private static JdbcSink sink(JdbcSettings settings) throws IOException {
    String password = System.getenv(settings.passwordVariable());
    JdbcSink sink = new JdbcSink(settings, password == null ? "" : password);
    sink.prepare();
    return sink;
  }

  private static List<Path> files(VersionStore store, Manifest manifest) throws IOException {
    Path folder = store.folder(manifest.version());
    return new TableFiles(store.configuration(), folder, TableKind.USER_TAG_PROFILE).list();
  }

  private static long rows(
      JavaRDD<String> files, JdbcSink sink, Broadcast<SerializableWritable<Configuration>> hadoop) {
    return files
        .map(file -> sink.write(hadoop.value().value(), new Path(file)))
        .fold(0L, Long::sum);
  }
}
