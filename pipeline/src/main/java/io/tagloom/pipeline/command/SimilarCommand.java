package io.tagloom.pipeline.command;

import io.tagloom.pipeline.command.Invocation.Root;
import io.tagloom.pipeline.stages.Tags;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

  @Option(names = "--tag", paramLabel = "TAG", required = true, description = "The tag.")
  private String tag;

  @Option(
      names = "--task",
      paramLabel = "TASK",
      description = "Task whose vectors are meant, such as cvr (default: that of the interests).")
  private String task;

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "Tags wanted, 1 to 10000000 (default: ${DEFAULT-VALUE}).")
  private int top = 10;

  @Override
  public Integer call() {
    return new Invocation("similar", options, Root.READ)
        .run(
            run ->
                Tags.similar(
                    run, tag, Optional.ofNullable(task), Limits.checked("--top", top, 10_000_000)));
  }
}
