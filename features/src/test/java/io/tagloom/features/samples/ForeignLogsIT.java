package io.tagloom.features.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tagloom.conf.InputException;
import io.tagloom.conf.TagloomException;
import io.tagloom.features.LocalSpark;
import io.tagloom.features.logs.LogTable;
import io.tagloom.features.logs.Logs;
import io.tagloom.features.logs.ReadRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One small log in the dresses of other programs: each gives the samples of the clean log, or is
 * refused in one line that names the column and the setting that helps.
 */
@Tag("every-spark")
class ForeignLogsIT {
  private static final LocalDate DAY = LocalDate.of(2026, 5, 3);
  private static final String[] TABLES = {"impressions", "clicks", "conversions"};
  private static final String IMPRESSIONS = "impressions";
  private static final String CLICKS = "clicks";

  /** Eight in the morning UTC, in whole seconds. */
  private static final long START = DAY.toEpochDay() * 86_400_000L + 28_800_000;

  private static final String[] CLEAN = {
    "select 100001 + id impression_id, 7 + id % 3 user_id, 70 + id % 2 item_id, "
        + START
        + " + id * 1000 ts, cast(id as int) position from range(6)",
    "select 501 + id click_id, 100001 + 2 * id impression_id, "
        + START
        + " + 60000 + id * 1000 ts from range(3)",
    "select 901 + id conversion_id, 501 + id click_id, "
        + START
        + " + 3600000 + id * 1000 ts, 'order' type, 2.5D value from range(2)"
  };

  private static Path clean;
  private static SortedMap<String, String> expected;

  /** A log in another dress. */
  private static final class Case {
    private final String name;
    private final String table;
    private final Map<String, String> columns = new LinkedHashMap<>();
    private final List<String> settings = new ArrayList<>();
    private String format = "parquet";
    private String csv = "";
    private Charset charset = StandardCharsets.UTF_8;
    private String refusal = "";
    private long rejected;
    private final List<String> titles = new ArrayList<>();

    Case(String table, String name) {
      this.table = table;
      this.name = name;
    }

    /** Columns as SQL over the clean ones, such as {@code ts: ts * 1000}; empty leaves one out. */
    Case with(String... columnAndSql) {
      for (String text : columnAndSql) {
        String[] parts = text.split(": ", 2);
        columns.put(parts[0], parts[1]);
      }
      return this;
    }

    Case as(String other) {
      format = other;
      return this;
    }

    Case text(String... lines) {
      csv = String.join("\n", lines) + "\n";
      return this;
    }

    Case in(Charset other) {
      charset = other;
      return this;
    }

    Case set(String... assignments) {
      settings.addAll(Arrays.asList(assignments));
      return this;
    }

    /** The end of the table's settings, such as {@code timestamp=seconds}. */
    Case own(String assignment) {
      return set("input." + table + "." + assignment);
    }

    /** Parts of the message, FOLDER standing for the log's. */
    Case refused(String parts) {
      refusal = parts;
      return this;
    }

    /** Rows that are rejected. */
    Case rejects(long rows) {
      rejected = rows;
      return this;
    }

    /** The column title of the rows in order, which may be the first ones alone. */
    Case titled(String... texts) {
      titles.addAll(Arrays.asList(texts));
      return set("input.context-columns=[title]");
    }

    @Override
    public String toString() {
      return table + ": " + name;
    }
  }

  @BeforeAll
  static void clean() throws IOException {
    clean = Files.createTempDirectory("tagloom-clean");
    for (int i = 0; i < TABLES.length; i++) {
      LocalSpark.session().sql(CLEAN[i]).write().parquet(clean + "/" + TABLES[i]);
    }
    TestRun run = new TestRun(paths());
    run.run(DAY);
    expected = run.samples(DAY);
    assertThat(expected).hasSize(6);
    assertThat(expected.values().stream().filter(s -> s.contains("conversion=1"))).hasSize(2);
    assertThat(expected.get("100005")).contains("click=1", "conversion=0");
  }

  private static String[] paths() {
    return Arrays.stream(TABLES)
        .map(table -> "input." + table + ".path=" + clean + "/" + table)
        .toArray(String[]::new);
  }

  static Stream<Case> cases() {
    return Stream.of(ids(), times(), csv(), names()).flatMap(List::stream);
  }

  private static Case clicks(String name) {
    return new Case(CLICKS, name);
  }

  private static Case shown(String name) {
    return new Case(IMPRESSIONS, name);
  }

  private static List<Case> ids() {
    String exact = "write ids as whole numbers or texts.";
    return Arrays.asList(
        clicks("doubles").with("impression_id: cast(impression_id as double)"),
        clicks("text of doubles").with("impression_id: impression_id || '.0'").as("csv"),
        clicks("decimals").with("impression_id: cast(impression_id as decimal(38,10))"),
        clicks("unsigned").with("impression_id: cast(impression_id as decimal(20,0))"),
        clicks("blanks around").with("impression_id: '  ' || impression_id || ' '"),
        clicks("tabs around").with("impression_id: impression_id || '\\t'").as("csv"),
        clicks("texts").with("impression_id: cast(impression_id as string)"),
        clicks("bytes of text").with("impression_id: cast(string(impression_id) as binary)"),
        clicks("exponents").with("impression_id: '1.0000' || (impression_id - 100000) || 'E5'"),
        clicks("doubles of JSON").with("impression_id: cast(impression_id as double)").as("json"),
        shown("all doubles")
            .with(
                "impression_id: double(impression_id)",
                "user_id: double(user_id)",
                "item_id: float(item_id)"),
        clicks("doubles above 2^53")
            .with("impression_id: double(impression_id) + 1e17D")
            .set("samples.max-rejected-share=0.5")
            .refused("{inexact_id=3}|" + exact),
        clicks("text of doubles above 2^53")
            .with("impression_id: '1.2345678901234567e+17'")
            .as("csv")
            .set("samples.max-rejected-share=0.5")
            .refused("{inexact_id=3}|" + exact),
        clicks("object of Mongo")
            .with("impression_id: named_struct('$oid', string(impression_id))")
            .refused(
                "column impression_id in FOLDER is struct<$oid:string>, expected a text or a"
                    + " number. Convert it, or name another in input.clicks.columns {"
                    + " impression_id = \"impression_id.$oid\" }, a field of it by its path."),
        clicks("object of Mongo by path")
            .with("impression_id: named_struct('$oid', string(impression_id))")
            .own("columns={impression_id=\"impression_id.$oid\"}"),
        clicks("lists")
            .with("impression_id: array(impression_id)")
            .refused(
                "column impression_id in FOLDER is array<bigint>, expected a text or a number"),
        shown("one id for each user")
            .with("impression_id: item_id")
            .set("samples.max-shared-id-share=0.01")
            .refused(
                "2 of 2 impression ids name several users or items, more than the share"
                    + " samples.max-shared-id-share = 0.01, in FOLDER. Every impression needs an id"
                    + " of its own: name another column in input.impressions.columns {"
                    + " impression_id = ... }, or raise the share."));
  }

  private static List<Case> times() {
    String berlin = "from_utc_timestamp(timestamp_millis(ts), 'Europe/Berlin')";
    String local = "date_format(" + berlin + ", 'yyyy-MM-dd HH:mm:ss.SSS')";
    String months = "date_format(timestamp_millis(ts), 'dd MMMM yyyy HH:mm:ss')";
    String kolkata = "from_utc_timestamp(timestamp_millis(ts), 'Asia/Kolkata')";
    return Arrays.asList(
        clicks("seconds").with("ts: ts div 1000"),
        clicks("seconds as int").with("ts: cast(ts div 1000 as int)"),
        clicks("microseconds").with("ts: ts * 1000"),
        clicks("nanoseconds").with("ts: ts * 1000000"),
        shown("microseconds as text").with("ts: ts * 1000").as("csv"),
        clicks("half of it microseconds").with("ts: ts * if(click_id % 2 = 0, 1000, 1)"),
        clicks("seconds as doubles").with("ts: ts / 1000D"),
        clicks("seconds with exponents").with("ts: double(ts / 1000D)").as("json"),
        clicks("seconds as decimals").with("ts: cast(ts / 1000 as decimal(20,6))"),
        clicks("floats of 32 bits")
            .with("ts: float(ts / 1000D)")
            .refused("column ts in FOLDER is float, expected a timestamp, a text, or a number of"),
        clicks("objects")
            .with("ts: named_struct('$date', ts)")
            .refused("input.clicks.columns { ts = \"ts.$date\" }"),
        clicks("set to the wrong unit")
            .with("ts: ts * 1000")
            .own("timestamp=millis")
            .set("samples.max-rejected-share=0.5")
            .refused("{implausible_ts=3}"),
        clicks("an offset of hours").with("ts: " + local + " || '+02'").as("csv"),
        clicks("an offset without colon").with("ts: " + local + " || '+0200'").as("csv"),
        clicks("an offset after a blank").with("ts: " + local + " || ' +0200'").as("csv"),
        clicks("an offset in another zone")
            .with("ts: " + local + " || '+02:00'")
            .own("time-zone=Asia/Tokyo"),
        clicks("UTC by name").with("ts: timestamp_millis(ts) || ' UTC'").as("csv"),
        clicks("minus nothing").with("ts: timestamp_millis(ts) || ' -0000'").as("csv"),
        clicks("Java's zoned times")
            .with("ts: replace(" + local + ", ' ', 'T') || '+02:00[Europe/Berlin]'"),
        clicks("a comma before the fraction")
            .with("ts: replace(" + local + ", '.', ',')")
            .own("time-zone=Europe/Berlin"),
        clicks("local Parquet timestamps")
            .with("ts: cast(" + kolkata + " as timestamp_ntz)")
            .own("time-zone=Asia/Kolkata"),
        clicks("local ORC timestamps")
            .with("ts: " + kolkata)
            .as("orc")
            .own("time-zone=Asia/Kolkata"),
        clicks("months by name")
            .with("ts: " + months)
            .as("csv")
            .own("timestamp=\"dd MMMM yyyy HH:mm:ss\""),
        clicks("months by name without a pattern")
            .with("ts: " + months)
            .as("csv")
            .set("samples.max-rejected-share=0.5")
            .refused("Set input.clicks.timestamp = \"d MMM yyyy HH:mm:ss\"."),
        new Case("conversions", "far times beside")
            .with("ts: explode(if(conversion_id = 901, array(ts, 1L, 9000000000000L), array(ts)))")
            .rejects(2));
  }

  private static List<Case> csv() {
    String first = "100001,7,70," + START + ",0";
    String[] lines = {
      "impression_id,user_id,item_id,ts,position",
      first,
      "100002,8,71," + (START + 1000) + ",1",
      "100003,9,70," + (START + 2000) + ",2",
      "100004,7,71," + (START + 3000) + ",3",
      "100005,8,70," + (START + 4000) + ",4",
      "100006,9,71," + (START + 5000) + ",5"
    };
    String names = "names=[impression_id,user_id,item_id,ts,position]";
    String[] bare = Arrays.copyOfRange(lines, 1, lines.length);
    String[] titled = new String[7];
    String[] indexed = new String[7];
    for (int i = 0; i < lines.length; i++) {
      String[] titles = {
        "title",
        "\"a \"\"b\"\", c\"",
        "\"ends in \\\"",
        "\"two\nlines\"",
        "plain\\",
        "\"\"",
        "\"\"\"\""
      };
      titled[i] = titles[i] + "," + lines[i];
      indexed[i] = (i == 0 ? "" : String.valueOf(i - 1)) + "," + lines[i];
    }
    String[] read = {"a \"b\", c", "ends in \\", "two\nlines", "plain\\", null, "\""};
    String[] umlaut = lines.clone();
    umlaut[6] = lines[6].replace(",9,", ",M\u00fcller,");
    String[] city = titled.clone();
    city[6] = titled[6].replace("\"\"\"\"", "K\u00f6ln");
    String[] inCity = read.clone();
    inCity[5] = "K\u00f6ln";
    return Arrays.asList(
        shown("quotes, commas, backslashes and line breaks").text(titled).titled(read),
        shown("the same with CRLF").text(String.join("\r\n", titled) + "\r").titled(read),
        shown("a byte order mark").text("\ufeff" + String.join("\n", lines)),
        shown("an index column of pandas").text(indexed),
        shown("no header").text(bare).own(names),
        shown("no header, by place")
            .text(bare)
            .own("options={header=\"false\"}")
            .own("columns={impression_id=_c0,user_id=_c1,item_id=_c2,ts=_c3,position=_c4}"),
        shown("no header, other columns")
            .text(bare)
            .own("names=[a,b]")
            .refused("has 5 columns in its first line, expected the 2 of input.impressions.names"),
        shown("quotes behind backslashes")
            .text("title," + lines[0], "\"a \\\"b\\\"\"," + lines[1], "x," + lines[2])
            .own("options={escape=\"\\\\\"}")
            .titled("a \"b\"", "x"),
        shown("latin-1 read as UTF-8")
            .text(umlaut)
            .in(StandardCharsets.ISO_8859_1)
            .set("samples.max-rejected-share=0")
            .refused(
                "{undecodable_id=1}|Ids hold bytes that are no text of UTF-8, the first in"
                    + " FOLDER/part.csv:7. Set input.impressions.options { encoding = ... } to the"
                    + " encoding of the files, such as ISO-8859-1."),
        shown("latin-1")
            .text(city)
            .in(StandardCharsets.ISO_8859_1)
            .own("options={encoding=ISO-8859-1}")
            .titled(inCity));
  }

  private static List<Case> names() {
    List<String> inside =
        Arrays.asList(
            "day",
            "row",
            "outcome",
            "n",
            "kept",
            "folder_day",
            "row_hash",
            "copy_key",
            "chance",
            "rank",
            "salt",
            "first",
            "touched_id",
            "imp_ts",
            "status",
            "kind",
            "number_among_copies",
            "watch",
            "pair",
            "capped_id",
            "user",
            "item",
            "a b",
            "a.b");
    return Arrays.asList(
        shown("context columns that are called as columns of the join")
            .with(
                inside.stream()
                    .map(name -> "`" + name + "`: '" + name + "'")
                    .toArray(String[]::new))
            .set(
                "input.context-columns="
                    + inside.stream().map(n -> "\"" + n + "\"").collect(Collectors.toList()),
                "samples.max-impressions-per-user=100"),
        shown("a context column that is called as one of the samples")
            .with("click: 1")
            .set("input.context-columns=[click]")
            .refused("input.impressions.columns { shown_click = click }"),
        clicks("a path")
            .with("impression_id: named_struct('id', impression_id)")
            .own("columns={impression_id=\"impression_id.id\"}"),
        clicks("a path in JSON")
            .with("impression_id: named_struct('shown', named_struct('id', impression_id))")
            .as("json")
            .own("columns={impression_id=\"impression_id.shown.id\"}"),
        clicks("a path that is none")
            .with("impression_id: named_struct('id', impression_id)")
            .own("columns={impression_id=\"impression_id.key\"}")
            .refused("column impression_id.key is missing in FOLDER; found"),
        clicks("a dot and a blank in a name")
            .with("impression_id: ", "`shown at.id`: impression_id")
            .own("columns={impression_id=\"shown at.id\"}"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aForeignLogIsTheCleanOneOrIsRefused(Case log) throws IOException {
    TestRun run = new TestRun(paths());
    Path folder = run.folder().resolve("logs").resolve(log.table);
    run = run.with("input." + log.table + ".path=" + folder);
    run = run.with(log.settings.toArray(new String[0]));
    write(log, folder);
    TestRun done = run;
    if (!log.refusal.isEmpty()) {
      Throwable refused = catchThrowable(() -> done.run(DAY));
      assertThat(refused).isInstanceOf(TagloomException.class);
      int code = ((TagloomException) refused).exitCode();
      assertThat(code).isEqualTo(refused instanceof InputException ? 3 : 2);
      for (String part : log.refusal.split("[|]")) {
        assertThat(refused.getMessage()).contains(part.replace("FOLDER", folder.toString()));
      }
      return;
    }
    List<String> context = run.settings().input().contextColumns();
    if (context.contains("day")) {
      done.run(DAY);
      assertThat(done.samples(DAY, context.toArray(new String[0]))).isEqualTo(expected);
      for (Row sample : done.rows(DAY)) {
        context.forEach(name -> assertThat(sample.<String>getAs(name)).isEqualTo(name));
      }
      return;
    }
    // The join knows a log by these rows alone: the same rows make the same samples.
    Dataset<Row> rows = rows(done, log.table);
    assertThat(texts(rows.filter("outcome = 'taken'"), log.table)).isEqualTo(cleanRows(log));
    assertThat(rows.filter("outcome <> 'taken'").count()).isEqualTo(log.rejected);
    if (!context.isEmpty()) {
      assertThat(
              rows.orderBy("impression_id").select("context_title").collectAsList().stream()
                  .map(row -> row.getString(0)))
          .containsExactlyElementsOf(log.titles);
    }
  }

  private static List<String> cleanRows(Case log) {
    List<String> rows = texts(rows(new TestRun(paths()), log.table), log.table);
    return log.titles.isEmpty() ? rows : rows.subList(0, log.titles.size());
  }

  private static Dataset<Row> rows(TestRun run, String table) {
    return Logs.of(LocalSpark.session(), run.settings().input())
        .rows(LogTable.valueOf(table.toUpperCase(Locale.ROOT)), ReadRange.between(DAY, DAY));
  }

  private static List<String> texts(Dataset<Row> rows, String table) {
    List<String> columns = LogTable.valueOf(table.toUpperCase(Locale.ROOT)).columns();
    return rows
        .selectExpr(columns.toArray(new String[0]))
        .orderBy(columns.get(0))
        .collectAsList()
        .stream()
        .map(Row::toString)
        .collect(Collectors.toList());
  }

  private static void write(Case log, Path folder) {
    if (!log.csv.isEmpty()) {
      try {
        Files.createDirectories(folder);
        Files.write(folder.resolve("part.csv"), log.csv.getBytes(log.charset));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return;
    }
    write(log.table, log.columns, log.format, folder);
  }

  private static void write(String table, Map<String, String> changed, String format, Path folder) {
    SparkSession spark = LocalSpark.session();
    Dataset<Row> rows = spark.sql(CLEAN[Arrays.asList(TABLES).indexOf(table)]);
    Map<String, String> columns = new LinkedHashMap<>();
    for (String name : rows.columns()) {
      columns.put("`" + name + "`", name);
    }
    changed.forEach((name, sql) -> columns.put("`" + name.replace("`", "") + "`", sql));
    columns.values().removeIf(String::isEmpty);
    rows.selectExpr(
            columns.entrySet().stream()
                .map(column -> column.getValue() + " AS " + column.getKey())
                .toArray(String[]::new))
        .write()
        .option("header", "true")
        .option("ignoreLeadingWhiteSpace", "false")
        .option("ignoreTrailingWhiteSpace", "false")
        .format(format)
        .save(folder.toString());
  }

  /** Any id form, unit, zone and format for each log, drawn by chance. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void anyDressGivesTheSameSamples(long seed) {
    Random chance = new Random(seed);
    TestRun run = new TestRun(paths());
    Map<String, String> settings = new TreeMap<>();
    for (String table : TABLES) {
      Path folder = run.folder().resolve("logs").resolve(table);
      settings.put("input." + table + ".path", folder.toString());
      String format = one(chance, "parquet", "orc", "csv", "json");
      Map<String, String> columns = new LinkedHashMap<>();
      for (String name : new String[] {"impression_id", "click_id", "user_id", "item_id"}) {
        if (Arrays.asList(LocalSpark.session().sql(clean(table)).columns()).contains(name)) {
          columns.put(
              name,
              one(
                      chance,
                      "string(%s)",
                      "double(%s)",
                      "cast(%s as decimal(38,10))",
                      "' ' || %s || '.0'",
                      "%s")
                  .replace("%s", name));
        }
      }
      String zone = one(chance, "Asia/Tokyo", "America/New_York", "UTC");
      String local = "from_utc_timestamp(timestamp_millis(ts), '" + zone + "')";
      boolean typed = format.equals("parquet");
      String time =
          one(
              chance,
              "ts",
              "ts div 1000",
              "ts * 1000",
              "ts * 1000000",
              "ts / 1000D",
              "timestamp_millis(ts) || ' UTC'",
              "date_format(" + local + ", 'yyyy-MM-dd HH:mm:ss')",
              typed ? "cast(" + local + " as timestamp_ntz)" : "ts",
              typed ? "timestamp_millis(ts)" : "ts");
      columns.put("ts", time);
      settings.put("input." + table + ".time-zone", zone);
      write(table, columns, format, folder);
    }
    settings.forEach((key, value) -> assertThat(value).isNotEmpty());
    TestRun dressed =
        run.with(
            settings.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toArray(String[]::new));
    dressed.run(DAY);

    assertThat(dressed.samples(DAY)).isEqualTo(expected);
  }

  private static String clean(String table) {
    return CLEAN[Arrays.asList(TABLES).indexOf(table)];
  }

  private static String one(Random chance, String... forms) {
    return forms[chance.nextInt(forms.length)];
  }
}
