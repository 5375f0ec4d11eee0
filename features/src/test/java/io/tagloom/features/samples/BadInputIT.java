package io.tagloom.features.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tagloom.conf.InputException;
import io.tagloom.features.LocalSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Input that cannot be used: one line that says what, where and what to do; nothing is written. */
@Tag("every-spark")
class BadInputIT {
  private static final LocalDate DAY = LocalDate.of(2026, 3, 5);
  private static final long TIME = DAY.toEpochDay() * 86_400_000L;

  private Path source;
  private TestRun run;

  @BeforeEach
  void goodLogs() throws IOException {
    run = new TestRun("samples.max-rejected-share=0.01");
    source = run.folder();
    write("impressions/a.csv", "impression_id,user_id,item_id,ts", "i,u,a," + TIME);
    write("clicks/a.csv", "click_id,impression_id,ts", "c,i," + TIME);
    write("conversions/a.csv", "conversion_id,click_id,ts", "v,c," + TIME);
  }

  @Test
  void aMissingFolder() {
    delete("clicks/a.csv");
    delete("clicks");

    assertRefused("Cannot read clicks: %s/clicks does not exist. Check input.clicks.path.", logs());
  }

  @Test
  void anEmptyFolder() {
    delete("clicks/a.csv");

    assertRefused(
        "Cannot read clicks: %s/clicks holds no data. Check input.clicks.path and the job that"
            + " writes it.",
        logs());
  }

  @Test
  void impressionsWithoutRows() throws IOException {
    write("impressions/a.csv", "impression_id,user_id,item_id,ts");

    assertRefused(
        "Cannot read impressions: %s/impressions has no rows. Check the job that writes it.",
        logs());
  }

  @Test
  void clicksWithoutRows() throws IOException {
    write("clicks/a.csv", "click_id,impression_id,ts");

    assertRefused(
        "Cannot build samples of 2026-03-05: clicks has no row of 2026-02-17 to 2026-03-05 in"
            + " %s/clicks, so that no sample has a label. Check the job that writes it, or set"
            + " evaluation.undefined = allow.",
        logs());
  }

  @Test
  void aMissingColumn() throws IOException {
    write("impressions/a.csv", "impression_id,member,item_id,ts", "i,u,a," + TIME);

    assertRefused(
        "Cannot read impressions: column user_id is missing in %s/impressions; found impression_id,"
            + " member, item_id, ts. Name yours in input.impressions.columns { user_id = ... }.",
        logs());
  }

  @Test
  void aMappedColumnThatIsNotThere() {
    run = run.with("input.clicks.columns={impression_id=imp}");

    assertRefused(
        "Cannot read clicks: column imp is missing in %s/clicks; found click_id, impression_id, ts."
            + " Name yours in input.clicks.columns { impression_id = ... }.",
        logs());
  }

  @Test
  void aMissingColumnInJson() throws IOException {
    delete("clicks/a.csv");
    write("clicks/a.json", "{\"click_id\":\"c\",\"ts\":1}");

    assertRefused(
        "Cannot read clicks: column impression_id is missing in %s/clicks; found click_id, ts,"
            + " impression_id, user_id, item_id, dwell_ms. Name yours in input.clicks.columns {"
            + " impression_id = ... }.",
        logs());
  }

  @Test
  void aMissingContextColumn() {
    run = run.with("input.context-columns=[page]");

    assertRefused(
        "Cannot read impressions: column page is missing in %s/impressions; found impression_id,"
            + " user_id, item_id, ts. Name yours in input.impressions.columns { page = ... }.",
        logs());
  }

  @Test
  void anUnreadableFile() throws IOException {
    delete("clicks/a.csv");
    write("clicks/a.parquet", "this is no Parquet file, whatever its name says");

    InputException refused = refused();
    assertThat(refused.getMessage())
        .startsWith("Cannot read clicks: file:" + logs() + "/clicks/a.parquet is damaged or no")
        .contains("is not a Parquet file")
        .endsWith(". Write the file anew, or correct input.clicks.format.")
        .hasLineCount(1);
  }

  @Test
  void aFormatThatCannotBeTold() throws IOException {
    delete("clicks/a.csv");
    write("clicks/a.log", "x");

    InputException refused = refused();
    assertThat(refused.getMessage())
        .matches(
            "Cannot read clicks: the name of .*/clicks/a.log tells no format."
                + " Set input.clicks.format to parquet, orc, csv or json.");
  }

  @Test
  void aDataSourceThatSparkDoesNotHave() {
    run = run.with("input.clicks.format=parqet");

    assertThat(refused().getMessage())
        .startsWith("Cannot read clicks: Spark finds no data source parqet (")
        .endsWith(
            "). Correct input.clicks.format, or add the jars of the source: with --packages or"
                + " --jars in TAGLOOM_SUBMIT_OPTS, or \"spark.jars.packages\" in spark.properties,"
                + " for a run by spark-submit.")
        .hasLineCount(1);
  }

  @Test
  void aTableThatNoCatalogHas() {
    run = run.with("input.clicks.path=", "input.clicks.table=ads.clicks");

    assertRefused(
        "Cannot read clicks: no catalog of this session has a table ads.clicks. Correct"
            + " input.clicks.table, or name its catalog in spark.properties:"
            + " spark.sql.catalog.NAME, or spark.sql.catalogImplementation = hive for a Hive"
            + " metastore.");
  }

  @Test
  void aFolderThatIsATableOfAFormatOfItsOwn() throws IOException {
    String message =
        "Cannot read clicks: %1$s/clicks is a table of format %2$s, whose files also hold rows that"
            + " were deleted or replaced. Set input.clicks.format = %2$s, or input.clicks.table to"
            + " its name in a catalog instead of input.clicks.path.";
    write("clicks/metadata/v1.metadata.json", "{}");
    assertRefused(message, logs(), "iceberg");
    write("clicks/.hoodie/hoodie.properties", "");
    assertRefused(message, logs(), "hudi");
    write("clicks/_delta_log/00000000000000000000.json", "{}");
    assertRefused(message, logs(), "delta");
    run = run.with("input.clicks.format=csv");
    assertRefused(message, logs(), "delta");
  }

  @Test
  void aDateColumnWithoutFolders() {
    run = run.with("input.clicks.date-column=day");

    assertRefused(
        "Cannot read clicks: %s/clicks has no folder day=YYYY-MM-DD. Check"
            + " input.clicks.date-column, or set it to none.",
        logs());
  }

  @Test
  void aDateWithoutRows() throws IOException {
    assertThat(refused(DAY.plusDays(1)).getMessage())
        .isEqualTo(
            "Cannot build samples of 2026-03-06: impressions has no row of that day (UTC) in "
                + logs()
                + "/impressions; it has 2026-03-05 to 2026-03-05. Choose another date or check the"
                + " job that writes it.");
  }

  @Test
  void aDateWithoutFolder() throws IOException {
    delete("impressions/a.csv");
    write("impressions/dt=2026-03-04/a.csv", "impression_id,user_id,item_id,ts", "i,u,a," + TIME);

    assertRefused(
        "Cannot build samples of 2026-03-05: impressions has no folder dt=2026-03-05 under"
            + " %s/impressions; it has 2026-03-04 to 2026-03-04. Wait for the job that writes it or"
            + " choose another date.",
        logs());
  }

  @Test
  void moreDaysWithoutClicksThanAllowed() throws IOException {
    run = run.with("samples.max-empty-days=0");
    delete("clicks/a.csv");
    write("clicks/dt=2026-03-04/a.csv", "click_id,impression_id,ts", "c,i," + (TIME - 86_400_000));

    assertRefused(
        "Cannot build samples of 2026-03-05: clicks has no row of the last 1 days that impressions"
            + " has, more than samples.max-empty-days = 0, in %1$s/clicks; it has no folder"
            + " dt=2026-03-05 under %1$s/clicks; it has 2026-03-04 to 2026-03-04. Wait for the job"
            + " that writes it, or raise the setting.",
        logs());
  }

  @Test
  void tooManyBrokenRows() throws IOException {
    write("impressions/a.csv", "impression_id,user_id,item_id,ts", "i,u,a," + TIME, "j,,a," + TIME);

    assertRefused(
        "Cannot use impressions: 1 of 2 rows break a rule {missing_user_id=1}, more than the share"
            + " samples.max-rejected-share = 0.01, in %s/impressions, such as"
            + " {\"impression_id\":\"j\",\"item_id\":\"a\",\"ts\":\"1772668800000\"}. Mend the log,"
            + " its column names or its timestamp setting, or raise the share.",
        logs());
  }

  @Test
  void secondsTakenForMilliseconds() throws IOException {
    write("impressions/a.csv", "impression_id,user_id,item_id,ts", "i,u,a," + TIME / 1000);

    run = run.with("input.impressions.timestamp=millis");
    assertThat(refused().getMessage()).contains("{implausible_ts=1}");
  }

  @Test
  void nanosecondsThatSparkCannotRead() {
    delete("clicks/a.csv");
    OtherParquet.write(
        source + "/logs/clicks/a.parquet",
        "required binary click_id (UTF8); required binary impression_id (UTF8); required int64 ts"
            + " (TIMESTAMP(NANOS,true));",
        new Object[] {"c", "i", TIME * 1_000_000});

    assertThat(refused().getMessage())
        .startsWith("Cannot read clicks: ")
        .contains("INT64 (TIMESTAMP(NANOS,true))")
        .endsWith(" Check the files under " + logs() + "/clicks and input.clicks.format.")
        .doesNotContain("\n");
  }

  @Test
  void aNumberColumnOfAnotherType() {
    delete("conversions/a.csv");
    LocalSpark.session()
        .sql("select 'v' conversion_id, 'c' click_id, " + TIME + "L ts, date'2026-03-05' value")
        .write()
        .mode("append")
        .parquet(source + "/logs/conversions");

    assertRefused(
        "Cannot read conversions: column value in %s/conversions is date, expected a number or text."
            + " Convert it, or name another in input.conversions.columns { value = ... }.",
        logs());
  }

  @Test
  void tooManyOrphans() throws IOException {
    run = run.with("samples.max-orphan-share=0.4");
    write("clicks/a.csv", "click_id,impression_id,ts", "c,i," + TIME, "d,other," + TIME);

    assertRefused(
        "Cannot use clicks: 1 of 2 belong to no impression or click of 2026-02-17 to 2026-03-05,"
            + " more than the share samples.max-orphan-share = 0.4, in %s/clicks. Check that the"
            + " logs are of the same days and ids, or raise the share.",
        logs());
  }

  @Test
  void aFolderThatCannotBeWritten() throws IOException {
    write("taken", "a file where the folder should be");
    run = run.with("run.root=" + source + "/logs/taken/root");

    assertThatThrownBy(() -> run.run(DAY))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("Cannot write samples: " + source + "/logs/taken/root: ")
        .hasMessageEndingWith(". Check that run.root can be written and has space.");
  }

  private String logs() {
    return source + "/logs";
  }

  private void assertRefused(String message, Object... values) {
    assertThat(refused().getMessage()).isEqualTo(String.format(message, values));
  }

  private InputException refused() {
    return refused(DAY);
  }

  private InputException refused(LocalDate day) {
    InputException refused = catchThrowableOfType(InputException.class, () -> run.run(day));
    assertThat(refused).as("an InputException").isNotNull();
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(run.folder().resolve("root/samples")).doesNotExist();
    assertThat(run.folder().resolve("root/_staging").toFile().list()).isNullOrEmpty();
    return refused;
  }

  private void write(String file, String... lines) throws IOException {
    Path path = source.resolve("logs").resolve(file);
    Files.createDirectories(path.getParent());
    Files.write(path, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private void delete(String file) {
    assertThat(source.resolve("logs").resolve(file).toFile().delete()).isTrue();
  }
}
