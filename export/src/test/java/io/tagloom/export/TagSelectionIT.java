package io.tagloom.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagloom.conf.InputException;
import io.tagloom.export.tables.RankedTag;
import io.tagloom.export.tables.UserProfile;
import io.tagloom.features.LocalSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TagSelectionIT {
  @TempDir Path root;

  /** Tag i is carried by i % 4 items of category i % 3, and tags from 30 on by one of another. */
  private static Dataset<Row> items() {
    List<Row> rows = new ArrayList<>();
    for (int tag = 0; tag < 60; tag++) {
      String name = String.format("tag%03d", tag);
      for (int i = 0; i < tag % 4; i++) {
        rows.add(RowFactory.create("i" + rows.size(), new String[] {name, name}, "c" + tag % 3));
      }
      if (tag >= 30 && tag % 4 > 1) {
        rows.add(RowFactory.create("i" + rows.size(), new String[] {name}, "a"));
      }
    }
    StructType schema =
        new StructType()
            .add("item_id", DataTypes.StringType)
            .add("tags", DataTypes.createArrayType(DataTypes.StringType))
            .add("kind", DataTypes.StringType);
    return LocalSpark.session().createDataFrame(rows, schema);
  }

  private UserProfile profile(String... assignments) throws IOException {
    List<String> all = new ArrayList<>(Arrays.asList(assignments));
    all.add("export.tags.category-column=kind");
    String[] settings = all.toArray(new String[0]);
    TagSelection selection =
        TagSelection.of(LocalSpark.session(), ExportFixture.settings(settings).tags(), items());
    ExportFixture fixture = new ExportFixture(root);
    fixture.export(TestSource.of(40, 5), ExportFixture.DATE, selection, settings);
    return fixture.publications().profile("user00011");
  }

  private static List<String> names(List<RankedTag> tags) {
    return tags.stream().map(RankedTag::tag).collect(Collectors.toList());
  }

  @Test
  void onlyAllowedTagsAreNamed() throws IOException {
    Path list = root.resolve("allowed.txt");
    Files.write(list, "tag003\n tag017 \nunheard\n\n".getBytes(StandardCharsets.UTF_8));
    assertThat(names(profile("export.tags.allow-list=" + list).interests()))
        .containsExactlyInAnyOrder("tag003", "tag017");
    assertThatThrownBy(() -> profile("export.tags.allow-list=" + root.resolve("none.csv")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("Cannot read export.tags.allow-list")
        .hasMessageContaining("one tag a line");
  }

  @Test
  void rareTagsAreLeftOut() throws IOException {
    List<String> names = names(profile("export.tags.min-support=3", "export.top=60").interests());
    assertThat(names).isNotEmpty().doesNotContain("tag000", "tag001", "tag002");
    assertThat(names).contains("tag003", "tag034");
  }

  @Test
  void aCategoryHasAtMostItsShareOfAListAndTheBestOfIt() throws IOException {
    List<RankedTag> all = profile("export.top=60").interests();
    List<RankedTag> few = profile("export.top=9", "export.tags.max-per-category=2").interests();
    Map<String, Integer> taken = new HashMap<>();
    List<String> expected = new ArrayList<>();
    for (RankedTag entry : all) {
      int tag = Integer.parseInt(entry.tag().substring(3));
      // The most frequent category; of equally frequent ones the first name, which is a.
      String category = tag % 4 == 0 ? "" : "c" + tag % 3;
      boolean free = category.isEmpty() || taken.merge(category, 1, Integer::sum) <= 2;
      if (free && expected.size() < 9) {
        expected.add(entry.tag());
      }
    }
    assertThat(names(few)).isEqualTo(expected);
    assertThat(few.get(8).rank()).isEqualTo(9);
  }
}
