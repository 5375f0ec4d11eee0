package io.tagloom.pipeline.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults of users: one message in the grammar of errors, its exit code, nothing half-written. */
class BadInputIT {
  private static final Pattern GRAMMAR =
      Pattern.compile(
          "(?s)Cannot [^:]+: .+\\. [A-Z].+[.?]|(Invalid|Missing|Unknown) .+|Cannot .+: .+\\. .+\\.");

  private static final String CONF =
      String.join(
          "\n",
          "input.impressions.path = ${paths.logs}/impressions.csv",
          "input.clicks.path = ${paths.logs}/clicks.csv",
          "input.conversions.path = ${paths.logs}/conversions.csv",
          "input.users.path = ${paths.logs}/users.csv",
          "input.items.path = ${paths.logs}/items.csv",
          "features.fields = [",
          "  { name = user_id, side = user, kind = categorical }",
          "  { name = tags, side = item, kind = multi-valued }",
          "]",
          "spark.master = \"local[2]\"");

  @TempDir Path temp;

  private Path logs;

  @BeforeEach
  void writeLogs() throws IOException {
    logs = Files.createDirectory(temp.resolve("logs"));
    write(temp.resolve("my.conf"), CONF);
    // 2026-11-01, noon.
    long ts = 1793534400000L;
    StringBuilder impressions = new StringBuilder("impression_id,user_id,item_id,ts\n");
    StringBuilder clicks = new StringBuilder("click_id,impression_id,ts\n");
    for (int i = 0; i < 200; i++) {
      impressions.append("i" + i + ",u" + i % 10 + ",t" + i % 7 + "," + (ts + i) + "\n");
      if (i % 3 == 0) {
        clicks.append("c" + i + ",i" + i + "," + (ts + i + 1000) + "\n");
      }
    }
    write(logs.resolve("impressions.csv"), impressions.toString());
    write(logs.resolve("clicks.csv"), clicks.toString());
    write(
        logs.resolve("conversions.csv"), "conversion_id,click_id,ts\nv0,c0," + (ts + 9000) + "\n");
    write(logs.resolve("users.csv"), "user_id\nu1\nu2\n");
    write(logs.resolve("items.csv"), "item_id,tags\nt1,a|b\nt2,b\n");
  }

  @Test
  void aMissingColumnIsNamedWithItsTable() throws IOException {
    write(logs.resolve("impressions.csv"), "impression_id,item_id,ts\ni1,t1,1793534400000\n");

    refused(3, nightly(), "impressions", "user_id", "impressions.csv");
  }

  @Test
  void anEmptyLogIsNamed() throws IOException {
    write(logs.resolve("clicks.csv"), "click_id,impression_id,ts\n");

    refused(3, nightly(), "clicks", "clicks.csv");
  }

  @Test
  void aLogThatDoesNotExistIsNamed() throws IOException {
    Files.delete(logs.resolve("conversions.csv"));

    refused(3, nightly(), "conversions", "conversions.csv");
  }

  @Test
  void aFileThatIsNoParquetIsNamed() throws IOException {
    Path file = Files.createDirectory(logs.resolve("p")).resolve("part-0.parquet");
    write(file, "this is no Parquet file, and long enough to have had a footer");

    refused(3, nightly("input.impressions.path=" + logs.resolve("p")), "impressions");
  }

  @Test
  void aDateWithoutDataIsNamed() throws IOException {
    Terminals night =
        Terminals.run(
            "nightly",
            "--conf",
            temp.resolve("my.conf").toString(),
            "--date",
            "2026-12-24",
            "--set",
            "paths.logs=" + logs,
            "--set",
            "run.root=" + temp.resolve("run"));

    refused(3, night, "2026-12-24", "2026-11-01");
  }

  @Test
  void anUnknownKeyIsNamedWithTheNearestOne() throws IOException {
    refused(
        2, nightly("samples.click-windw-minutes=3"), "Did you mean samples.click-window-minutes?");
  }

  @Test
  void aTaskWithoutKernelsIsRefused() throws IOException {
    refused(
        2,
        nightly(
            "model.tasks=[{name=ctr,label=click,rows=all,kernels=[],weight=1.0},"
                + "{name=cvr,label=conversion,rows=click,kernels=[1],weight=1.0}]"),
        "kernels");
  }

  @Test
  void anOutputBelowAFileIsRefused() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));

    refused(2, nightly("run.root=" + file + "/run"), "Cannot write to run.root");
  }

  @Test
  void usersWithoutADeclaredColumnAreRefusedByCheckAndByTheNight() throws IOException {
    String fields =
        "features.fields=[{name=age,side=user,kind=categorical},"
            + "{name=tags,side=item,kind=multi-valued}]";

    refused(3, command("check", fields), "age", "users");
    // Of so few samples those of the test have one class alone, which is refused, too.
    refused(3, nightly(fields, "evaluation.undefined=allow"), "age");
    assertThat(temp.resolve("run/models")).doesNotExist();
    assertThat(temp.resolve("run/tables")).doesNotExist();
  }

  private Terminals nightly(String... settings) {
    return command("nightly", settings);
  }

  private Terminals command(String command, String... settings) {
    List<String> arguments =
        new ArrayList<>(
            Arrays.asList(
                command, "--conf", temp.resolve("my.conf").toString(), "--date", "2026-11-01"));
    arguments.addAll(Arrays.asList("--set", "paths.logs=" + logs));
    arguments.addAll(Arrays.asList("--set", "run.root=" + temp.resolve("run")));
    for (String setting : settings) {
      arguments.addAll(Arrays.asList("--set", setting));
    }
    return Terminals.run(arguments.toArray(new String[0]));
  }

  private void refused(int exitCode, Terminals result, String... named) throws IOException {
    assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
    List<String> lines =
        Arrays.stream(result.err().split("\\R"))
            .filter(line -> !line.endsWith(" ...") && !line.startsWith("  "))
            .collect(Collectors.toList());
    String message = lines.get(lines.size() - 1);
    assertThat(message).matches(GRAMMAR).contains(named);
    assertThat(result.err()).doesNotContain("\tat ", "Exception");
    assertThat(result.out()).isEmpty();
    assertNothingHalfWritten();
  }

  /** No table but samples, and of those only whole days. */
  private void assertNothingHalfWritten() throws IOException {
    Path root = temp.resolve("run");
    assertThat(root.resolve("models")).doesNotExist();
    assertThat(root.resolve("tables")).doesNotExist();
    if (Files.exists(root)) {
      try (Stream<Path> files = Files.walk(root)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .noneMatch(name -> name.startsWith("_temporary") || name.endsWith(".new"));
      }
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
