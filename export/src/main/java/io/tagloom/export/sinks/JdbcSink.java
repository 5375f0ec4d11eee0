package io.tagloom.export.sinks;

import io.tagloom.conf.JdbcSettings;
import io.tagloom.conf.Settings;
import io.tagloom.export.tables.TableReader;
import io.tagloom.export.tables.UserProfile;
import java.io.IOException;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Puts profiles into a table of a database: one row a user, lists as JSON texts, in batches that
 * are each one transaction and are tried again when the database fails. Rows are put in the place
 * of earlier ones of the same user, so that a repeated batch or run changes nothing.
 */
public final class JdbcSink implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String url;
  private final Properties properties = new Properties();
  private static final List<String> PERMANENT =
      Arrays.asList("0A", "22", "23", "28", "3D", "3F", "42");

  private final String create;
  private final String insert;
  private final String remove;
  private final int batchRows;
  private final int attempts;
  private final int pauseMillis;

  /**
   * A sink.
   *
   * @param settings database, table and limits
   * @param password password of the user; empty for none
   * @throws io.tagloom.conf.SettingsException if the database is not known
   */
  public JdbcSink(JdbcSettings settings, String password) {
    Upsert upsert = Upsert.of(settings.url(), settings.table());
    this.url = settings.url();
    this.create = upsert.create();
    this.insert = upsert.insert();
    this.remove = upsert.remove();
    this.batchRows = settings.batchRows();
    this.attempts = settings.attempts();
    this.pauseMillis = settings.pauseMillis();
    for (Map.Entry<String, String> property : settings.properties().entrySet()) {
      properties.setProperty(property.getKey(), property.getValue());
    }
    if (!settings.user().isEmpty()) {
      properties.setProperty("user", settings.user());
    }
    if (!password.isEmpty()) {
      properties.setProperty("password", password);
    }
  }

  /**
   * Makes the table unless it is there.
   *
   * @throws IOException if the database cannot be reached in the set number of attempts
   */
  public void prepare() throws IOException {
    retry(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            statement.execute(create);
          }
        });
  }

  /**
   * Puts all rows of some files of user_tag_profile into the table.
   *
   * @return rows written
   * @throws IOException if a file cannot be read, or a batch fails in every attempt
   */
  public long write(Configuration configuration, List<Path> files) throws IOException {
    long rows = 0;
    try (TableReader<UserProfile> reader = TableReader.profiles(configuration, files)) {
      List<UserProfile> batch = reader.take(batchRows);
      while (!batch.isEmpty()) {
        write(batch);
        rows += batch.size();
        batch = reader.take(batchRows);
      }
    }
    return rows;
  }

  /** Puts one file into the table. */
  public long write(Configuration configuration, Path file) throws IOException {
    return write(configuration, Collections.singletonList(file));
  }

  /**
   * Removes the rows of users that a version no longer has: those of other dates or models than its
   * own. Call it when all rows of the version are written.
   *
   * @param date date of the version
   * @param model id of the version's model
   * @return rows removed
   * @throws IOException if the database cannot be reached in the set number of attempts
   */
  public long removeOthers(String date, String model) throws IOException {
    long[] removed = new long[1];
    retry(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(remove)) {
            statement.setString(1, date);
            statement.setString(2, model);
            removed[0] = statement.executeUpdate();
          }
        });
    return removed[0];
  }

  private void write(List<UserProfile> batch) throws IOException {
    retry(
        connection -> {
          connection.setAutoCommit(false);
          try (PreparedStatement statement = connection.prepareStatement(insert)) {
            for (UserProfile profile : batch) {
              Upsert.bind(statement, profile);
              statement.addBatch();
            }
            statement.executeBatch();
            connection.commit();
          }
        });
  }

  /** Each attempt with a connection of its own: the one before may be what failed. */
  private void retry(Work work) throws IOException {
    long pause = pauseMillis;
    for (int attempt = 1; ; attempt++) {
      try (Connection connection = DriverManager.getConnection(url, properties)) {
        work.run(connection);
        return;
      } catch (SQLException e) {
        if (attempt >= attempts || isPermanent(e)) {
          throw failure(e, attempt);
        }
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("Cannot write to " + shown() + ": interrupted. Run again.", e);
      }
      pause *= 2;
    }
  }

  /**
   * Whether the same would fail again: the state names data, a constraint, a right, a syntax or a
   * name that is wrong (SQL:2016, classes of SQLSTATE).
   */
  private static boolean isPermanent(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.length() == 5 && PERMANENT.contains(state.substring(0, 2));
  }

  private IOException failure(SQLException e, int attempt) {
    String reason = Settings.hideSecrets(String.valueOf(e.getMessage()));
    // The driver's words can hold the address as it was given.
    SQLException told = new SQLException(reason, e.getSQLState(), e.getErrorCode());
    told.setStackTrace(e.getStackTrace());
    return new IOException(
        "Cannot write to "
            + shown()
            + (attempt == 1 ? "" : " in " + attempt + " attempts")
            + ": "
            + reason.split("\n")[0].replaceAll("[.]$", "")
            + ". Check the database, and that its driver is on the class path.",
        told);
  }

  /** The address without a password. */
  private String shown() {
    return Settings.hideSecrets(url);
  }

  private interface Work {
    void run(Connection connection) throws SQLException;
  }
}
