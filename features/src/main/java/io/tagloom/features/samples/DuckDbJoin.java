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
   * Joins and writes the samples, and compares their numbers with a health.
   *
   * @return the seconds it took; empty when there is no driver on the class path
   * @throws IllegalStateException when the numbers differ
   */
  static OptionalDouble seconds(String folder, JoinHealth health) {
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
      compare(statement, out, health);
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

  private static void compare(Statement statement, String out, JoinHealth health)
      throws SQLException {
    String sums = "SELECT count(*), sum(click::int), sum(conversion::int) FROM '";
    try (ResultSet found = statement.executeQuery(sums + out + "/*/*.parquet'")) {
      found.next();
      String[] names = {"samples.rows", "samples.clicked", "samples.converted"};
      for (int i = 0; i < names.length; i++) {
        if (found.getLong(i + 1) != health.total(names[i])) {
          throw new IllegalStateException(
              "Cannot compare with the peer: it found "
                  + found.getLong(i + 1)
                  + " of "
                  + names[i]
                  + ", expected "
                  + health.total(names[i])
                  + ". One of the two joins is wrong.");
        }
      }
    }
  }
}
