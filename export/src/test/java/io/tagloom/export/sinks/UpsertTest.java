package io.tagloom.export.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagloom.conf.SettingsException;
import io.tagloom.export.tables.RankedTag;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class UpsertTest {
  @Test
  void statementsAreInTheWordsOfTheDatabase() {
    assertThat(Upsert.of("jdbc:postgresql://h/d", "s.profiles").insert())
        .isEqualTo(
            "insert into s.profiles (user_id, dt, interests, intentions, tags, model_id) values"
                + " (?, ?, ?, ?, ?, ?) on conflict (user_id) do update set dt = excluded.dt,"
                + " interests = excluded.interests, intentions = excluded.intentions, tags ="
                + " excluded.tags, model_id = excluded.model_id");
    assertThat(Upsert.of("jdbc:mysql://h/d", "p").insert())
        .contains("on duplicate key update dt = values(dt), interests = values(interests)");
    assertThat(Upsert.of("jdbc:mysql://h/d", "p").create())
        .contains("user_id varchar(255) character set utf8mb4 collate utf8mb4_bin primary key")
        .contains("interests mediumtext");
    assertThat(Upsert.of("jdbc:mariadb://h/d", "p").remove())
        .isEqualTo("delete from p where dt <> ? or model_id <> ?");
    assertThatThrownBy(() -> Upsert.of("jdbc:oracle:thin", "p"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("expected one that starts with jdbc:postgresql:");
  }

  @Test
  void listsAreJson() {
    assertThat(
            Upsert.json(
                Arrays.asList(
                    new RankedTag("a\"\\\t", 0.5f, 0.25f, 1), new RankedTag("é", -1f, 0f, 2))))
        .isEqualTo(
            "[{\"tag\":\"a\\\"\\\\\\u0009\",\"score\":0.5,\"probability\":0.25,\"rank\":1},"
                + "{\"tag\":\"é\",\"score\":-1.0,\"probability\":0.0,\"rank\":2}]");
  }
}
