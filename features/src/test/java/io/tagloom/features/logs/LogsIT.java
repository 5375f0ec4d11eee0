package io.tagloom.features.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagloom.conf.InputException;
import io.tagloom.conf.Settings;
import io.tagloom.features.LocalSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("every-spark")
class LogsIT {
  private static final LocalDate DAY = LocalDate.of(2026, 3, 5);

  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createTempDirectory("tagloom-logs");
  }

  @Test
  void theNewestSnapshotNotAfterTheDateIsRead() throws IOException {
    write("users/dt=2026-03-03/a.csv", "user_id,age", "u,1");
    write("users/dt=2026-03-05/a.csv", "user_id,age", "u,2");
    write("users/dt=2026-03-06/a.csv", "user_id,age", "u,3");

    assertThat(texts(logs().users(DAY))).containsExactly("[u,2]");
    assertThat(texts(logs().users(DAY.minusDays(1)))).containsExactly("[u,1]");
    assertThatThrownBy(() -> logs().users(DAY.minusDays(3)))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "Cannot read users: "
                + folder
                + "/users has no snapshot dt=YYYY-MM-DD up to 2026-03-02. Write one or choose a"
                + " later date.");
  }

  @Test
  void usersHaveOneRowAnIdAndNoneWithout() throws IOException {
    write("users/a.csv", "member,age", "u,1", ",3", "w,4", "u,1");

    assertThat(texts(logs("input.users.columns={user_id=member}").users(DAY)))
        .containsExactlyInAnyOrder("[u,1]", "[w,4]");
  }

  @Test
  void rowsOfAKeyThatDifferAreRefusedUnlessAColumnTellsTheNewest() throws IOException {
    write("users/a.csv", "user_id,age,valid_from", "u,1,9", "u,2,10", "u,3,8", "w,4,1");

    assertThatThrownBy(() -> logs().users(DAY))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "Cannot use users: 1 of 2 keys have several rows that differ in "
                + folder
                + "/users, such as user_id u. Write one row a key, or set input.users.newest-by to"
                + " the column whose largest value tells the newest row.");
    assertThat(texts(logs("input.users.newest-by=valid_from").users(DAY)))
        .containsExactlyInAnyOrder("[u,2,10]", "[w,4,1]");
    assertThatThrownBy(() -> logs("input.users.newest-by=since").users(DAY))
        .hasMessage(
            "Cannot read users: column since is missing in "
                + folder
                + "/users; found user_id, age, valid_from. Correct input.users.newest-by.");
  }

  @Test
  void tagsAreAnArrayWhateverTheyWere() throws IOException {
    write("items/a.csv", "item_id,tags,kind", "a,Drama| Crime |,x", "b,,y");

    Dataset<Row> items =
        logs().items(DAY).selectExpr("item_id", "to_json(tags)", "kind").orderBy("item_id");
    assertThat(texts(items)).containsExactly("[a,[\"Drama\",\"Crime\"],x]", "[b,null,y]");

    LocalSpark.session()
        .sql("select 7L item_id, array('Drama', '', null, 'Crime') genres")
        .write()
        .parquet(folder + "/arrays");
    Settings settings =
        settings("input.items.path=" + folder + "/arrays", "input.items.columns={tags=genres}");
    assertThat(
            texts(
                Logs.of(LocalSpark.session(), settings.input())
                    .items(DAY)
                    .selectExpr("item_id", "to_json(tags)")))
        .containsExactly("[7,[\"Drama\",\"Crime\"]]");
  }

  @Test
  void itemsWithoutTagsAreRefused() throws IOException {
    write("items/a.csv", "item_id,genre", "a,Drama");

    assertThatThrownBy(() -> logs().items(DAY))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "Cannot read items: column tags is missing in "
                + folder
                + "/items; found item_id, genre. Name yours in input.items.columns { tags = ... }.");
  }

  @Test
  void onlyTheColumnsAndFoldersInUseAreRead() throws IOException {
    LocalSpark.session()
        .sql(
            "select 'i' impression_id, 'u' user_id, 'a' item_id, 1772668800000L ts, 'x' unused,"
                + " '2026-03-05' dt union all select 'j', 'u', 'a', 1772409600000L, 'x',"
                + " '2026-03-02'")
        .write()
        .partitionBy("dt")
        .parquet(folder + "/impressions");

    Dataset<Row> read = logs().impressions(DAY, DAY);

    assertThat(read.inputFiles()).hasSize(1).allMatch(file -> file.contains("dt=2026-03-05"));
    assertThat(texts(read)).containsExactly("[i,u,a,1772668800000,null]");
    assertThat(read.queryExecution().executedPlan().toString()).doesNotContain("unused");
  }

  private static List<String> texts(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(Row::toString).collect(Collectors.toList());
  }

  private Logs logs(String... assignments) {
    return Logs.of(LocalSpark.session(), settings(assignments).input());
  }

  private Settings settings(String... assignments) {
    List<String> all =
        new ArrayList<>(
            Arrays.asList(
                "input.users.path=" + folder + "/users",
                "input.items.path=" + folder + "/items",
                "input.impressions.path=" + folder + "/impressions"));
    all.addAll(Arrays.asList(assignments));
    return Settings.reference(Settings.overrides(all));
  }

  private void write(String file, String... lines) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.write(path, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
