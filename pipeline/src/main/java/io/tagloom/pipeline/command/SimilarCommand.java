package io.tagloom.pipeline.command;

import io.tagloom.pipeline.command.Invocation.Root;
import io.tagloom.pipeline.stages.Tags;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The tags like a tag. */
@Command(
    name = "similar",
    description = {
      "Find the tags that the same users score alike, by the cosine of their published vectors",
      "(gate weight times vector, kernel by kernel)."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Tagloom.Version.class,
    footer = {
      "",
      "Examples:",
      "  tagloom similar --conf my.conf --tag coffee",
      "  tagloom similar --conf my.conf --tag coffee --task cvr --top 50 --json | tail -n 1"
    })
final class SimilarCommand implements Callable<Integer> {
  @Mixin private RunOptions options;
  @Mixin private TagOptions asked = new TagOptions(10);

  @Override
  public Integer call() {
    return new Invocation("similar", options, Root.READ)
        .run(run -> Tags.similar(run, asked.tag(), asked.task(), asked.top()));
  }
}
