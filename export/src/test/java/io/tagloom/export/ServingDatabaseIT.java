package io.tagloom.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.tagloom.conf.JdbcSettings;
import io.tagloom.export.publish.VersionStore;
import io.tagloom.export.scoring.ScoreKind;
import io.tagloom.export.sinks.PostgresServer;
import io.tagloom.features.LocalSpark;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The serving database over several nights, on a real PostgreSQL. */
class ServingDatabaseIT {
  @TempDir Path root;

  @Test
  void usersWhoHaveGoneLeaveTheDatabaseAndARollbackBringsThemBack() throws Exception {
    Optional<Path> programs = PostgresServer.programs();
    if (!programs.isPresent()) {
      System.err.println(
          "SKIPPED: the serving database on PostgreSQL. Install it: apt-get install postgresql");
    }
    Assumptions.assumeTrue(programs.isPresent(), "PostgreSQL is not installed");
    ExportFixture fixture = new ExportFixture(root);
    try (PostgresServer server = PostgresServer.start(programs.get(), root)) {
      JdbcSettings database =
          ExportFixture.settings("export.jdbc.url=" + server.url(), "export.jdbc.user=test").jdbc();
      fixture.export(TestSource.of(50, 5));
      Map<String, Double> first = fill(fixture, database);
      assertThat(first).containsEntry("jdbc.rows", 50.0).containsEntry("jdbc.removed", 0.0);

      fixture.export(TestSource.of(new TestModel(1, ScoreKind.KERNEL_COSINE), 40, 5, 61));
      assertThat(fill(fixture, database))
          .containsEntry("jdbc.rows", 40.0)
          .containsEntry("jdbc.removed", 10.0);
      assertThat(rows(server, "model_id = 'model-61'")).isEqualTo(40);
      assertThat(rows(server, "true")).isEqualTo(40);

      fixture.publications().rollback(10);
      assertThat(fixture.publications().fill(database)).isEqualTo(first);
      assertThat(rows(server, "model_id = 'model-60'")).isEqualTo(50);
      assertThat(rows(server, "true")).isEqualTo(50);
    }
  }

  private static Map<String, Double> fill(ExportFixture fixture, JdbcSettings database)
      throws Exception {
    VersionStore store = fixture.store();
    return ServingJob.fill(
        LocalSpark.session(),
        database,
        store,
        store.latestManifest().orElseThrow(AssertionError::new));
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
}
