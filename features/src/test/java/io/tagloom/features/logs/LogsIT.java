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
  void tagsWithWeightsAreTagsAndWeights() throws IOException {
    String[] forms = {
      "array(named_struct('tag', 'Drama', 'weight', 0.5D), named_struct('tag', ' ', 'weight', 1D),"
          + " named_struct('tag', 'Crime', 'weight', null))",
      "map('Drama', 0.5D, '', 3D, 'Crime', 1D)",
      "'[{\"tag\": \"Drama\", \"weight\": 0.5}, {\"name\": \"Crime\"}]'",
      "'{\"Drama\": 0.5, \"Crime\": 1}'"
    };
    for (int i = 0; i < forms.length; i++) {
      String path = folder + "/weighted" + i;
      LocalSpark.session().sql("select 7L item_id, " + forms[i] + " tags").write().parquet(path);
      Dataset<Row> items =
          logs("input.items.path=" + path, i < 2 ? "run.seed=1" : "input.list-format=json")
              .items(DAY)
              .selectExpr("item_id", "to_json(tags)", "to_json(tags_weights)");
      assertThat(texts(items)).as(forms[i]).containsExactly("[7,[\"Drama\",\"Crime\"],[0.5,1.0]]");
    }
  }

  @Test
  void tagsAreReadFromJsonText() throws IOException {
    write(
        "items/a.csv",
        "item_id,tags",
        "a,\"[\"\"Drama\"\", \"\"Crime\"\"]\"",
        "b,\"['Drama', \"\"Kids' Film\"\"]\"",
        "c,Drama|Crime",
        "d,[]");
    assertThat(texts(logs().items(DAY).selectExpr("item_id", "to_json(tags)").orderBy("item_id")))
        .containsExactly(
            "[a,[\"Drama\",\"Crime\"]]",
            "[b,[\"Drama\",\"Kids' Film\"]]",
            "[c,[\"Drama\",\"Crime\"]]",
            "[d,[]]");
    assertThatThrownBy(() -> logs("input.list-format=json").items(DAY))
        .isInstanceOf(InputException.class)
        .hasMessage(noList("Drama|Crime", folder + "/items"));
  }

  @Test
  void jsonLinesMixArraysAndTexts() throws IOException {
    write(
        "items/a.json",
        "{\"item_id\":1,\"tags\":[\"Drama\",\"Crime\"]}",
        "{\"item_id\":2,\"tags\":\"Drama|Crime\"}");
    assertThat(texts(logs().items(DAY).selectExpr("to_json(tags)")))
        .containsOnly("[[\"Drama\",\"Crime\"]]");
  }

  @Test
  void tagsThatAreNoListAreRefused() throws IOException {
    write("items/a.csv", "item_id,tags", "a,\"{Drama,Crime}\"");
    assertThatThrownBy(() -> logs().items(DAY))
        .isInstanceOf(InputException.class)
        .hasMessage(noList("{Drama,Crime}", folder + "/items"));
    assertThat(
            texts(
                logs("input.list-format=separated")
                    .items(DAY)
                    .selectExpr("item_id", "to_json(tags)")))
        .containsExactly("[a,[\"{Drama,Crime}\"]]");

    LocalSpark.session()
        .sql("select 7L item_id, array(array('Drama')) tags")
        .write()
        .parquet(folder + "/nested");
    assertThatThrownBy(() -> logs("input.items.path=" + folder + "/nested").items(DAY))
        .hasMessageStartingWith(
            "Cannot read items: column tags in "
                + folder
                + "/nested is array<array<string>>, expected a list of texts, of objects with a text"
                + " and a weight, or a map.");
  }

  private static String noList(String found, String place) {
    return "Cannot use items: column tags in "
        + place
        + " holds "
        + found
        + ", which is no list; expected texts with input.list-separator between, or JSON such as"
        + " [\"a\", \"b\"]. Write it so, or set input.list-format = separated to take it as it is.";
  }

  @Test
  void quotesAndLineBreaksInItemsAreOfTheirColumn() throws IOException {
    write(
        "items/a.csv",
        "item_id,title,tags",
        "a,\"The \"\"part 1\"\", again\",Drama",
        "b,ends in \\,Drama",
        "c,\"two\nlines\",Drama");
    assertThat(texts(logs().items(DAY).selectExpr("item_id", "to_json(tags)").orderBy("item_id")))
        .containsExactly("[a,[\"Drama\"]]", "[b,[\"Drama\"]]", "[c,[\"Drama\"]]");
  }

  @Test
  void bytesOfAnotherEncodingAndInexactIdsAreRefused() throws IOException {
    Path users = folder.resolve("users/a.csv");
    Files.createDirectories(users.getParent());
    Files.write(users, "user_id,city\nu,K\u00f6ln\nw,Bonn\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> logs().users(DAY))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "Cannot use users: column city in "
                + folder
                + "/users holds bytes that are no text of UTF-8, the first in "
                + users
                + ":2. Set input.users.options { encoding = ... } to the encoding of the files,"
                + " such as ISO-8859-1.");
    assertThat(texts(logs("input.users.options={encoding=ISO-8859-1}").users(DAY)))
        .containsExactlyInAnyOrder("[u,K\u00f6ln]", "[w,Bonn]");

    LocalSpark.session().sql("select 1e17D user_id").write().parquet(folder + "/doubles");
    assertThatThrownBy(() -> logs("input.users.path=" + folder + "/doubles").users(DAY))
        .hasMessage(
            "Cannot use users: column user_id in "
                + folder
                + "/doubles holds no exact ids. Floating-point numbers from 2^53 on, or with a"
                + " fraction, do not tell ids apart: write ids as whole numbers or texts.");
  }

  @Test
  void columnsInsideOthersAreNamedByTheirPath() {
    LocalSpark.session()
        .sql(
            "select named_struct('id', 7L, 'city', 'Bonn') profile, 3 `zip code`, 4 `a.b`,"
                + " map('x', 'y') extra")
        .write()
        .parquet(folder + "/nested");
    Dataset<Row> users =
        logs(
                "input.users.path=" + folder + "/nested",
                "input.users.columns={user_id=\"profile.id\",city=\"profile.city\",zip=\"zip code\"}")
            .users(DAY);
    assertThat(users.columns()).contains("user_id", "city", "zip", "a.b", "extra");
    assertThat(texts(users.select("user_id", "city", "zip"))).containsExactly("[7,Bonn,3]");
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
