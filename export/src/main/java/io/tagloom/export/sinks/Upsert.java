package io.tagloom.export.sinks;

import io.tagloom.conf.SettingsException;
import io.tagloom.export.tables.RankedTag;
import io.tagloom.export.tables.UserProfile;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/** The statements that put profiles into one table of a database, in its own words. Immutable. */
final class Upsert {
  private static final String[] COLUMNS = {
    "user_id", "dt", "interests", "intentions", "tags", "model_id"
  };

  private final String create;
  private final String insert;
  private final String remove;

  private Upsert(String create, String insert, String remove) {
    this.create = create;
    this.insert = insert;
    this.remove = remove;
  }

  /**
   * The statements for an address.
   *
   * @throws SettingsException if the database is not known
   */
  static Upsert of(String url, String table) {
    String[] parts = url.split(":");
    String database = parts.length > 1 ? parts[1].toLowerCase(Locale.ROOT) : "";
    StringBuilder values = new StringBuilder("insert into " + table + " (");
    values.append(String.join(", ", COLUMNS)).append(") values (?, ?, ?, ?, ?, ?) ");
    String key;
    String text = "text";
    if (database.equals("postgresql") || database.equals("sqlite")) {
      key = "text";
      values.append("on conflict (user_id) do update set ").append(assignments("excluded.%s"));
    } else if (database.equals("mysql") || database.equals("mariadb")) {
      // A key of a length, which a text column has not; by its bytes, or Abc and abc are one user.
      key = "varchar(255) character set utf8mb4 collate utf8mb4_bin";
      // A text of theirs ends at 64 KB.
      text = "mediumtext character set utf8mb4";
      values.append("on duplicate key update ").append(assignments("values(%s)"));
    } else {
      throw new SettingsException(
          "Invalid export.jdbc.url: "
              + url
              + "; expected one that starts with jdbc:postgresql:, jdbc:sqlite:, jdbc:mysql: or"
              + " jdbc:mariadb:.");
    }
    String create =
        "create table if not exists "
            + table
            + " (user_id "
            + key
            + " primary key, dt varchar(10) not null, interests "
            + text
            + " not null, intentions "
            + text
            + " not null, tags "
            + text
            + " not null, model_id varchar(255) not null)";
    String remove = "delete from " + table + " where dt <> ? or model_id <> ?";
    return new Upsert(create, values.toString(), remove);
  }

  private static String assignments(String value) {
    StringBuilder list = new StringBuilder();
    for (int i = 1; i < COLUMNS.length; i++) {
      list.append(i == 1 ? "" : ", ").append(COLUMNS[i]).append(" = ");
      list.append(String.format(Locale.ROOT, value, COLUMNS[i]));
    }
    return list.toString();
  }

  /** Makes the table unless it is there. */
  String create() {
    return create;
  }

  /** Puts one row in, in the place of one of the same user. */
  String insert() {
    return insert;
  }

  /** Removes the rows of other dates or models than the two that are bound. */
  String remove() {
    return remove;
  }

  static void bind(PreparedStatement statement, UserProfile profile) throws SQLException {
    statement.setString(1, profile.userId());
    statement.setString(2, profile.date());
    statement.setString(3, json(profile.interests()));
    statement.setString(4, json(profile.intentions()));
    statement.setString(5, json(profile.tags()));
    statement.setString(6, profile.modelId());
  }

  /** A list as JSON: objects of tag, score, probability and rank. */
  static String json(List<RankedTag> tags) {
    StringBuilder json = new StringBuilder("[");
    for (RankedTag tag : tags) {
      json.append(json.length() == 1 ? "" : ",").append("{\"tag\":\"");
      escape(tag.tag(), json);
      json.append("\",\"score\":").append(tag.score());
      json.append(",\"probability\":").append(tag.probability());
      json.append(",\"rank\":").append(tag.rank()).append('}');
    }
    return json.append(']').toString();
  }

  private static void escape(String text, StringBuilder json) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < 0x20) {
        json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
  }
}
