package io.tagloom.pipeline.command;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of every command. */
final class RunOptions {
  @Option(
      names = "--conf",
      paramLabel = "FILE",
      description = "Settings file (HOCON); it names only what differs from the defaults.")
  private Path conf;

  @Option(
      names = "--date",
      paramLabel = "YYYY-MM-DD",
      description = "The day that is run; nothing later than its end (UTC) is read.")
  private LocalDate date;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting, over those of the file. Can be repeated.")
  private List<String> assignments = new ArrayList<>();

  @Option(
      names = "--json",
      description =
          "Give the result as one JSON object, the last line of standard output; the lines for a"
              + " person go to standard error.")
  private boolean json;

  @Option(
      names = "--master",
      paramLabel = "MASTER",
      description =
          "Spark master. local[N] runs here; others are handed over to"
              + " $SPARK_HOME/bin/spark-submit, or driven from here (spark://) without it.")
  private String master;

  Optional<Path> conf() {
    return Optional.ofNullable(conf);
  }

  Optional<LocalDate> date() {
    return Optional.ofNullable(date);
  }

  /** The assignments of --set; the master is one of them. */
  List<String> assignments() {
    List<String> all = new ArrayList<>(assignments);
    if (master != null) {
      all.add("spark.master=" + master);
    }
    return all;
  }

  boolean json() {
    return json;
  }
}
