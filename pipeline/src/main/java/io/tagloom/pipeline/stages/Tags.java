package io.tagloom.pipeline.stages;

import io.tagloom.export.AudienceMember;
import io.tagloom.export.Publications;
import io.tagloom.export.ann.Neighbour;
import io.tagloom.pipeline.console.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Published tags the other way round: their users, and the tags like them. */
public final class Tags {
  private Tags() {}

  /**
   * The users with the highest scores for a tag, over all users of the latest tables.
   *
   * @param run the settings
   * @param tag the tag
   * @param task task whose scores are meant; without one, that of the interests
   * @param top users wanted, 1 or more
   * @return a line a user; {@code audience} as a list of {@code rank}, {@code user}, {@code
   *     probability} and {@code score}, and {@code tag}, {@code task}, {@code version}
   * @throws io.tagloom.conf.InputException when nothing is published, or there is no such tag or
   *     task
   */
  public static Report audience(Run run, String tag, Optional<String> task, int top) {
    // What is wrong is said before Spark starts.
    Published.read(run, tables -> tables.similar(task(tables, task), tag, 1));
    return run.stage(
        "audience",
        "users for " + tag,
        () -> Published.read(run, tables -> audience(run, tables, tag, task(tables, task), top)));
  }

  private static Report audience(Run run, Publications tables, String tag, String task, int top)
      throws IOException {
    List<AudienceMember> members = tables.audience(run.spark(), task, tag, top);
    Report report = head(tables, tag, task);
    report.line(
        String.format(
            Locale.ROOT,
            "%s users for %s by %s, version %s",
            Run.count(members.size()),
            tag,
            task,
            tables.latest().version()));
    int width = members.stream().mapToInt(member -> member.user().length()).max().orElse(0);
    List<Map<String, Object>> values = new ArrayList<>();
    for (AudienceMember member : members) {
      int rank = values.size() + 1;
      report.line(
          String.format(
              Locale.ROOT,
              "%6d. %-" + Math.max(1, width) + "s %5.1f%%  score %.4f",
              rank,
              member.user(),
              100 * member.probability(),
              member.score()));
      Map<String, Object> value = new LinkedHashMap<>();
      value.put("rank", rank);
      value.put("user", member.user());
      value.put("probability", member.probability());
      value.put("score", member.score());
      values.add(value);
    }
    return report.put(Collections.singletonList("audience"), values);
  }

  /**
   * The tags that the same users score alike.
   *
   * @param run the settings
   * @param tag the tag
   * @param task task whose vectors are meant; without one, that of the interests
   * @param top tags wanted, 1 or more
   * @return a line a tag; {@code similar} as a list of {@code rank}, {@code tag} and {@code
   *     cosine}, and {@code tag}, {@code task}, {@code version}
   * @throws io.tagloom.conf.InputException when nothing is published, or there is no such tag or
   *     task
   */
  public static Report similar(Run run, String tag, Optional<String> task, int top) {
    return Published.read(run, tables -> similar(tables, tag, task(tables, task), top));
  }

  private static Report similar(Publications tables, String tag, String task, int top)
      throws IOException {
    List<Neighbour> similar = tables.similar(task, tag, top);
    Report report = head(tables, tag, task);
    report.line("tags like " + tag + " by " + task + ", version " + tables.latest().version());
    int width = similar.stream().mapToInt(other -> other.name().length()).max().orElse(0);
    List<Map<String, Object>> values = new ArrayList<>();
    for (Neighbour other : similar) {
      int rank = values.size() + 1;
      report.line(
          String.format(
              Locale.ROOT,
              "%6d. %-" + Math.max(1, width) + "s  cosine %.4f",
              rank,
              other.name(),
              other.score()));
      Map<String, Object> value = new LinkedHashMap<>();
      value.put("rank", rank);
      value.put("tag", other.name());
      value.put("cosine", other.score());
      values.add(value);
    }
    return report.put(Collections.singletonList("similar"), values);
  }

  private static Report head(Publications tables, String tag, String task) throws IOException {
    return new Report().put("version", tables.latest().version()).put("tag", tag).put("task", task);
  }

  private static String task(Publications tables, Optional<String> task) throws IOException {
    return task.isPresent() ? task.get() : tables.mainTask();
  }
}
