package io.tagloom.pipeline.command;

import io.tagloom.pipeline.command.Invocation.Root;
import io.tagloom.pipeline.stages.Tags;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The users for a tag. */
@Command(
    name = "audience",
    description = {
      "Find the users with the highest scores for a tag, over all users of the published tables.",
      "The scores and probabilities are those of the profiles."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Tagloom.Version.class,
    footer = {
      "",
      "Examples:",
      "  tagloom audience --conf my.conf --tag coffee --top 1000",
      "  tagloom audience --conf my.conf --tag coffee --task cvr --json | tail -n 1"
    })
final class AudienceCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  @Option(names = "--tag", paramLabel = "TAG", required = true, description = "The tag.")
  private String tag;

  @Option(
      names = "--task",
      paramLabel = "TASK",
      description = "Task whose scores are meant, such as cvr (default: that of the interests).")
  private String task;

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "Users wanted, 1 to 10000000 (default: ${DEFAULT-VALUE}).")
  private int top = 1000;

  @Override
  public Integer call() {
    return new Invocation("audience", options, Root.READ)
        .run(
            run ->
                Tags.audience(
                    run, tag, Optional.ofNullable(task), Limits.checked("--top", top, 10_000_000)));
  }
}
