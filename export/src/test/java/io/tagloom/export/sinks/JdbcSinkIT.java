package io.tagloom.export.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagloom.conf.JdbcSettings;
import io.tagloom.conf.Settings;
import io.tagloom.export.tables.RankedTag;
import io.tagloom.export.tables.TableKind;
import io.tagloom.export.tables.TablePart;
import io.tagloom.export.tables.TableWriter;
import io.tagloom.export.tables.UserProfile;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdbcSinkIT {
  private static final int USERS = 257;

  @TempDir Path root;

  private static JdbcSettings settings(String url, int attempts) {
    return Settings.reference(
            Settings.overrides(
                Arrays.asList(
                    "export.jdbc.url=" + url,
                    "export.jdbc.user=test",
                    "export.jdbc.batch-rows=50",
                    "export.jdbc.attempts=" + attempts,
                    "export.jdbc.pause-millis=200")))
        .export()
        .jdbc();
  }

  private org.apache.hadoop.fs.Path file(String version, float score) throws IOException {
    org.apache.hadoop.fs.Path folder = new org.apache.hadoop.fs.Path(root.toString(), version);
    TablePart part =
        new TablePart(
            new Configuration(), folder, TableKind.USER_TAG_PROFILE, 0, "test", "model-" + version);
    List<RankedTag> list =
        Collections.singletonList(new RankedTag("it's \"a\" tag\\\n", score, 0.5f, 1));
    try (TableWriter<UserProfile> writer = TableWriter.profiles(part)) {
      for (int i = 0; i < USERS; i++) {
        writer.write(
            new UserProfile(
                "user" + i, "2026-11-01", list, Collections.emptyList(), list, "model-" + version));
      }
      writer.commit();
    }
    return new org.apache.hadoop.fs.Path(
        new org.apache.hadoop.fs.Path(folder, "user_tag_profile"), TablePart.name(0));
  }

  @Test
  void profilesArePutInAndReplacedEvenWhenTheDatabaseGoesAway() throws Exception {
    Optional<Path> programs = PostgresServer.programs();
    if (!programs.isPresent()) {
      System.err.println(
          "SKIPPED: the JDBC sink against PostgreSQL. Install it: apt-get install postgresql");
    }
    Assumptions.assumeTrue(programs.isPresent(), "PostgreSQL is not installed");
    try (PostgresServer server = PostgresServer.start(programs.get(), root)) {
      JdbcSink sink = new JdbcSink(settings(server.url(), 10), "");
      sink.prepare();
      sink.prepare();
      assertThat(sink.write(new Configuration(), file("a", 0.25f))).isEqualTo(USERS);
      assertThat(rows(server, "model_id = 'model-a'")).isEqualTo(USERS);
      org.apache.hadoop.fs.Path second = file("b", 0.75f);
      server.stop();
      ExecutorService thread = Executors.newSingleThreadExecutor();
      Future<Long> writing = thread.submit(() -> sink.write(new Configuration(), second));
      server.startAgain();
      assertThat(writing.get()).isEqualTo(USERS);
      thread.shutdown();
      assertThat(rows(server, "model_id = 'model-b'")).isEqualTo(USERS);
      assertThat(rows(server, "(interests::json->0->>'tag') = E'it''s \"a\" tag\\\\\\n'"))
          .isEqualTo(USERS);
      assertThat(rows(server, "(tags::json->0->>'score')::float = 0.75")).isEqualTo(USERS);
    }
  }

  private static long rows(PostgresServer server, String condition) throws Exception {
    try (Connection connection = DriverManager.getConnection(server.url(), "test", "");
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("select count(*) from user_tag_profile where " + condition)) {
      result.next();
      return result.getLong(1);
    }
  }

  @Test
  void aDatabaseThatIsNotThereIsSaid() throws IOException {
    JdbcSink sink = new JdbcSink(settings("jdbc:postgresql://127.0.0.1:9/none", 2), "");
    assertThatThrownBy(sink::prepare)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "Cannot write to jdbc:postgresql://127.0.0.1:9/none in 2 attempts: ");
  }
}
