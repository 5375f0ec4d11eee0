package io.tagloom.pipeline.command;

import java.util.Optional;
import picocli.CommandLine.Option;

/** Which tag is asked about, by which task, and how many answers are wanted. */
final class TagOptions {
  @Option(names = "--tag", paramLabel = "TAG", required = true, description = "The tag.")
  private String tag;

  @Option(
      names = "--task",
      paramLabel = "TASK",
      description = "Task that is meant, such as cvr (default: that of the interests).")
  private String task;

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "How many are wanted, 1 to 10000000 (default: ${DEFAULT-VALUE}).")
  private int top;

  /** Options whose {@code --top} is a command's own unless it is given. */
  TagOptions(int top) {
    this.top = top;
  }

  String tag() {
    return tag;
  }

  Optional<String> task() {
    return Optional.ofNullable(task);
  }

  int top() {
    return Limits.checked("--top", top, 10_000_000);
  }
}
