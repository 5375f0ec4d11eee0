package io.tagloom.features.samples;

import io.tagloom.features.logs.Days;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalDouble;

/** The label join by ids in DuckDB, over the same Parquet files, as a peer on one machine. */
final class DuckDbJoin {
  private static final String FIRST_OF =
      "SELECT * EXCLUDE (n) FROM (SELECT *, row_number() OVER (PARTITION BY %1$s ORDER BY ts, hash(%1$s))"
          + " n FROM '%2$s/logs/%3$s/*.parquet' WHERE ts < %4$d) WHERE n = 1";

  private DuckDbJoin() {}

  /**
   * Joins and writes the samples, and compares them with those of the job.
   *
   * @param folder with the logs
   * @param samples the folder of the job's samples
   * @return the seconds it took; empty when there is no driver on the class path
   * @throws IllegalStateException when a sample differs
   */
  static OptionalDouble seconds(String folder, String samples) {
    try {
      Class.forName("org.duckdb.DuckDBDriver");
    } catch (ClassNotFoundException e) {
      return OptionalDouble.empty();
    }
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      int threads = Runtime.getRuntime().availableProcessors();
      statement.execute("SET threads = " + threads);
      statement.execute("SET memory_limit = '4GB'");
      String out = folder + "/peer";
      statement.execute("SET temp_directory = '" + folder + "/spill'");
      long start = System.nanoTime();
      statement.execute(copy(folder, out));
      double seconds = (System.nanoTime() - start) / 1e9;
      compare(digest(statement, samples), digest(statement, out));
      return OptionalDouble.of(seconds);
    } catch (SQLException e) {
      throw new IllegalStateException(
          "Cannot run the peer: " + e.getMessage() + ". Take DuckDB off the class path.", e);
    }
  }

  private static String copy(String folder, String out) {
    String impressions = first("impression_id", folder, "impressions");
    String clicks = first("click_id", folder, "clicks");
    String conversions = first("conversion_id", folder, "conversions");
    return "COPY (WITH i AS ("
        + impressions
        + "), c AS ("
        + clicks
        + "), v AS ("
        + conversions
        + "), t AS (SELECT c.click_id, c.impression_id, c.ts FROM c JOIN i USING (impression_id)"
        + " WHERE c.ts - i.ts BETWEEN -5000 AND 1800000)"
        + ", a AS (SELECT t.impression_id, v.ts, v.type, v.\"value\" FROM v JOIN t USING (click_id)"
        + " WHERE v.ts - t.ts BETWEEN 0 AND 604800000)"
        + ", k AS (SELECT impression_id, min(ts) click_ts, count(*) clicks FROM t GROUP BY 1)"
        + ", w AS (SELECT impression_id, min(ts) conversion_ts, arg_min(type, ts) conversion_type,"
        + " arg_min(\"value\", ts) AS \"value\" FROM a GROUP BY 1)"
        + " SELECT i.*, click_ts IS NOT NULL AS click, click_ts, coalesce(clicks, 0) clicks,"
        + " conversion_ts IS NOT NULL AS conversion, conversion_ts, conversion_type, \"value\","
        + " strftime(make_timestamp(i.ts * 1000), '%Y-%m-%d') dt"
        + " FROM i LEFT JOIN k USING (impression_id) LEFT JOIN w USING (impression_id)) TO '"
        + out
        + "' (FORMAT parquet, PARTITION_BY (dt), OVERWRITE_OR_IGNORE)";
  }

  private static String first(String id, String folder, String table) {
    return String.format(FIRST_OF, id, folder, table, Days.end(BenchmarkLogs.LAST_DAY));
  }

  /** Number, clicks, conversions and the sum of the hashes of samples, whatever their order. */
  private static String digest(Statement statement, String samples) throws SQLException {
    String values =
        "impression_id, user_id, item_id, ts, \"position\"::int, click::int, click_ts, clicks::int,"
            + " conversion::int, conversion_ts, conversion_type, \"value\", dt";
    String sums =
        "SELECT count(*), sum(click::int), sum(conversion::int), sum(hash("
            + values
            + ")::hugeint) FROM read_parquet('"
            + samples
            + "/*/*.parquet', hive_partitioning = true, hive_types_autocast = false)";
    try (ResultSet found = statement.executeQuery(sums)) {
      found.next();
      return found.getLong(1)
          + " samples, "
          + found.getLong(2)
          + " clicked, "
          + found.getLong(3)
          + " converted, digest "
          + found.getString(4);
    }
  }

  private static void compare(String ours, String peers) {
    if (!ours.equals(peers)) {
      throw new IllegalStateException(
          "Cannot compare with the peer: it found "
              + peers
              + ", expected "
              + ours
              + ". One of the two joins is wrong.");
    }
  }
}
