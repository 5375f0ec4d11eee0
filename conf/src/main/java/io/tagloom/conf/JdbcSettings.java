package io.tagloom.conf;

import java.util.Map;

/**
 * The serving database that is filled after a publish: block {@code export.jdbc} of {@code
 * reference.conf}. Immutable.
 */
public final class JdbcSettings {
  private final String url;
  private final String table;
  private final String user;
  private final String passwordVariable;
  private final int batchRows;
  private final int attempts;
  private final int pauseMillis;
  private final int connections;
  private final Map<String, String> properties;

  JdbcSettings(SettingsReader reader) {
    this.url = reader.text("url").trim();
    this.table = reader.requiredText("table").trim();
    this.user = reader.text("user").trim();
    this.passwordVariable = reader.text("password-variable").trim();
    this.batchRows = reader.integer("batch-rows", 1, 100_000);
    this.attempts = reader.integer("attempts", 1, 100);
    this.pauseMillis = reader.integer("pause-millis", 0, 600_000);
    this.connections = reader.integer("connections", 1, 1000);
    this.properties = reader.map("properties");
    if (!table.matches("[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z_][A-Za-z0-9_]*)?")) {
      reader.fault("table", table, "a name of letters, digits and underscores, or schema.name");
    }
  }

  /** Whether there is a database to fill. */
  public boolean present() {
    return !url.isEmpty();
  }

  /** JDBC address; empty for none. */
  public String url() {
    return url;
  }

  /** Table, with its schema if it has one. */
  public String table() {
    return table;
  }

  /** Database user; empty for the driver's default. */
  public String user() {
    return user;
  }

  /** Environment variable that holds the password. */
  public String passwordVariable() {
    return passwordVariable;
  }

  /** Rows per batch, 1 to 100000. */
  public int batchRows() {
    return batchRows;
  }

  /** Attempts for each batch, 1 to 100. */
  public int attempts() {
    return attempts;
  }

  /** Pause before the second attempt in milliseconds, doubled each time. */
  public int pauseMillis() {
    return pauseMillis;
  }

  /** Connections at once, 1 to 1000. */
  public int connections() {
    return connections;
  }

  /** Properties of the driver. */
  public Map<String, String> properties() {
    return properties;
  }
}
