package io.tagloom.pipeline.stages;

import io.tagloom.export.Publications;
import io.tagloom.export.tables.RankedTag;
import io.tagloom.export.tables.UserProfile;
import io.tagloom.pipeline.console.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/** Published profiles, for reading. */
public final class Profiles {
  private static final int SHOWN = 5;

  private Profiles() {}

  /**
   * The profiles of some users in the latest tables.
   *
   * @param run the settings
   * @param users their ids; one without a row gets the profile of users without history, and that
   *     is said
   * @return three lines a user; {@code profiles.USER.interests} and {@code .intentions} as lists of
   *     {@code tag}, {@code probability} and {@code score}
   */
  public static Report of(Run run, List<String> users) {
    Report report = new Report();
    Path root = new Path(run.settings().run().root());
    try {
      Publications tables =
          Publications.under(run.fileSystem(root).getConf(), run.settings().run().root());
      report.put("version", tables.latest().version());
      for (String user : users) {
        add(report, tables.profile(user), tables.has(user));
      }
    } catch (IOException e) {
      throw new IllegalStateException(
          "Cannot read the tables of " + root + ": " + Run.firstLine(e) + ". Run the export again.",
          e);
    }
    return report;
  }

  private static void add(Report report, UserProfile profile, boolean known) {
    String user = profile.userId();
    report.line("user " + user + (known ? "" : " (not in the tables: the profile of new users)"));
    report.line("  interests  " + tags(profile.interests()));
    report.line("  intentions " + tags(profile.intentions()));
    report.put(Arrays.asList("profiles", user, "interests"), values(profile.interests()));
    report.put(Arrays.asList("profiles", user, "intentions"), values(profile.intentions()));
  }

  private static List<Map<String, Object>> values(List<RankedTag> tags) {
    List<Map<String, Object>> values = new ArrayList<>();
    for (RankedTag tag : tags) {
      Map<String, Object> value = new LinkedHashMap<>();
      value.put("tag", tag.tag());
      value.put("probability", tag.probability());
      value.put("score", tag.score());
      values.add(value);
    }
    return values;
  }

  private static String tags(List<RankedTag> tags) {
    StringBuilder text = new StringBuilder();
    for (RankedTag tag : tags.subList(0, Math.min(SHOWN, tags.size()))) {
      text.append(text.length() == 0 ? "" : ", ");
      text.append(tag.tag());
      text.append(String.format(Locale.ROOT, " %.1f%%", 100 * tag.probability()));
    }
    return text.length() == 0 ? "none" : text.toString();
  }
}
