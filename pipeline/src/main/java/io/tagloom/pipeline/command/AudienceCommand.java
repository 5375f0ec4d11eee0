package io.tagloom.pipeline.command;

import io.tagloom.pipeline.command.Invocation.Root;
import io.tagloom.pipeline.stages.Tags;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
  @Mixin private TagOptions asked = new TagOptions(1000);

  @Override
  public Integer call() {
    return new Invocation("audience", options, Root.READ)
        .run(run -> Tags.audience(run, asked.tag(), asked.task(), asked.top()));
  }
}
