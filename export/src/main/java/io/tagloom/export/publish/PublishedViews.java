package io.tagloom.export.publish;

import io.tagloom.conf.SettingsException;
import io.tagloom.conf.TagloomException;
import io.tagloom.export.tables.TableFiles;
import io.tagloom.export.tables.TableKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A view of every published table in a database of the session catalog.
 *
 * <p>A view shows the folder of one version, which is whole and never changes; moving it is one
 * change of one entry in the catalog, so that a reader sees the version before or this one. The
 * views move one after another: a query over two of them may see one moved and one not. Property
 * {@code tagloom.version} of a view names its version.
 */
public final class PublishedViews {
  private static final String OWNER = "tagloom.tables";
  private static final String VERSION = "tagloom.version";

  private final SparkSession spark;
  private final String database;

  private PublishedViews(SparkSession spark, String database) {
    this.spark = Objects.requireNonNull(spark);
    this.database = Objects.requireNonNull(database);
  }

  /**
   * The views in a database.
   *
   * @throws SettingsException if the session catalog does not have it
   */
  public static PublishedViews in(SparkSession spark, String database) {
    if (!spark.catalog().databaseExists("`spark_catalog`.`" + database + "`")) {
      boolean hive = spark.conf().get("spark.sql.catalogImplementation", "").equals("hive");
      throw new SettingsException(
          "Invalid export.catalog: "
              + database
              + "; expected a database of the session catalog. "
              + (hive
                  ? "Make it with CREATE DATABASE "
                  : "Set in spark.properties \"spark.sql.catalogImplementation\" = hive, without"
                      + " which no database outlives a run, and make it with CREATE DATABASE ")
              + database
              + ".");
    }
    return new PublishedViews(spark, database);
  }

  /**
   * Makes every view show the tables of a version; those of tables that it does not have go.
   *
   * @return what could not be done, a line each; a view that it concerns shows what it did before
   */
  List<String> show(VersionStore store, String version) {
    List<String> failures = new ArrayList<>();
    try {
      String owner = store.fileSystem().makeQualified(store.folder()).toString();
      Set<String> views = views();
      for (TableKind kind : TableKind.values()) {
        TableFiles files = new TableFiles(store.configuration(), store.folder(version), kind);
        try {
          Path folder = store.fileSystem().makeQualified(files.folder());
          show(
              kind.folder(),
              files.list().isEmpty() ? "" : folder.toString(),
              owner,
              version,
              views);
        } catch (Exception e) {
          // Spark throws AnalysisException without declaring it.
          failures.add(failure(kind.folder(), version, e));
        }
      }
    } catch (Exception e) {
      failures.add(failure("its views", version, e));
    }
    return Collections.unmodifiableList(failures);
  }

  private String failure(String view, String version, Exception e) {
    return "Cannot show "
        + version
        + " as "
        + database
        + "."
        + view
        + ": "
        + TagloomException.reason(e).split("\\R", 2)[0]
        + ". The version is published all the same; mend the cause and run `tagloom publish --use "
        + version
        + "`.";
  }

  private Set<String> views() {
    Set<String> names = new HashSet<>();
    // A row a view of the database.
    for (Row row : spark.sql("SHOW VIEWS IN " + name("")).collectAsList()) {
      names.add(row.getString(row.fieldIndex("viewName")).toLowerCase(Locale.ROOT));
    }
    return names;
  }

  private void show(String table, String folder, String owner, String version, Set<String> views)
      throws IOException {
    String view = name(table);
    String query = "SELECT * FROM parquet.`" + folder.replace("`", "``") + "`";
    if (!views.contains(table)) {
      if (!folder.isEmpty()) {
        spark.sql("CREATE VIEW " + view + properties(owner, version) + " AS " + query);
      }
      return;
    }
    if (!property(view, OWNER).equals(owner)) {
      throw new IOException("the view is not of the tables in " + owner);
    }
    if (folder.isEmpty()) {
      spark.sql("DROP VIEW IF EXISTS " + view);
      return;
    }
    // One change of the entry; CREATE OR REPLACE would drop it first.
    spark.sql("ALTER VIEW " + view + " AS " + query);
    spark.sql("ALTER VIEW " + view + " SET TBLPROPERTIES ('" + VERSION + "' = '" + version + "')");
  }

  private static String properties(String owner, String version) {
    return " TBLPROPERTIES ('"
        + OWNER
        + "' = '"
        + owner.replace("\\", "\\\\").replace("'", "\\'")
        + "', '"
        + VERSION
        + "' = '"
        + version
        + "')";
  }

  private String property(String view, String key) {
    // A row a property.
    for (Row row : spark.sql("SHOW TBLPROPERTIES " + view).collectAsList()) {
      if (row.getString(0).equals(key)) {
        return row.getString(1);
      }
    }
    return "";
  }

  private String name(String table) {
    String schema = "`spark_catalog`.`" + database + "`";
    return table.isEmpty() ? schema : schema + ".`" + table + "`";
  }
}
