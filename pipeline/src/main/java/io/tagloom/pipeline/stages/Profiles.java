package io.tagloom.pipeline.stages;

import io.tagloom.export.Publications;
import io.tagloom.export.TagShare;
import io.tagloom.export.tables.RankedTag;
import io.tagloom.export.tables.UserProfile;
import io.tagloom.pipeline.console.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Published profiles, for reading. */
public final class Profiles {
  private static final int SHOWN = 5;

  private Profiles() {}

  /**
   * The profiles of some users in the latest tables, in short.
   *
   * @param run the settings
   * @param users their ids; one without a row gets the profile of users without history, and that
   *     is said
   * @return three lines a user; {@code profiles.USER.interests} and {@code .intentions} as lists of
   *     {@code tag}, {@code probability} and {@code score}
   */
  public static Report of(Run run, List<String> users) {
    return Published.read(
        run,
        tables -> {
          Report report = new Report().put("version", tables.latest().version());
          for (String user : users) {
            UserProfile profile = tables.profile(user);
            String known = tables.has(user) ? "" : " (not in the tables: the profile of new users)";
            report.line("user " + user + known);
            report.line("  interests  " + tags(profile.interests(), SHOWN));
            report.line("  intentions " + tags(profile.intentions(), SHOWN));
            List<TagShare> none = Collections.emptyList();
            report.put(
                Arrays.asList("profiles", user, "interests"), values(profile.interests(), none));
            report.put(
                Arrays.asList("profiles", user, "intentions"), values(profile.intentions(), none));
          }
          return report;
        });
  }

  /**
   * The profiles of some users in the latest tables, with what each expert has to say in them.
   *
   * @param run the settings
   * @param users their ids; for one without a row the ids nearest to it are named too
   * @param top tags shown of each list, 1 or more
   * @return some lines a user; {@code profiles.USER} with {@code known}, {@code near} (of a user
   *     without a row), {@code interests} and {@code intentions} as lists of {@code rank}, {@code
   *     tag}, {@code probability}, {@code score} and {@code experts} (share by expert), and {@code
   *     experts.interests} and {@code .intentions} (mean share by expert)
   */
  public static Report described(Run run, List<String> users, int top) {
    return Published.read(
        run,
        tables -> {
          Report report = new Report().put("version", tables.latest().version());
          for (String user : users) {
            describe(report, tables, user, top);
          }
          return report;
        });
  }

  private static void describe(Report report, Publications tables, String user, int top)
      throws IOException {
    UserProfile profile = tables.profile(user);
    boolean known = tables.has(user);
    List<TagShare> shares = known ? tables.shares(user) : new ArrayList<>();
    Map<String, String> properties = tables.latest().properties();
    report.put(Arrays.asList("profiles", user, "known"), known);
    if (known) {
      report.line("user " + user + ", as of " + profile.date());
    } else {
      report.line("user " + user + " is not in the tables; this is the profile of new users");
      List<String> near = tables.nearUsers(user);
      report.put(Arrays.asList("profiles", user, "near"), near);
      if (!near.isEmpty()) {
        report.line("  ids near to it: " + String.join(", ", near));
      }
    }
    int interests = Math.min(shares.size(), profile.interests().size());
    List<TagShare> first = shares.subList(0, interests);
    List<TagShare> second = shares.subList(interests, shares.size());
    describe(report, user, "interests", properties, profile.interests(), first, top);
    describe(report, user, "intentions", properties, profile.intentions(), second, top);
  }

  private static void describe(
      Report report,
      String user,
      String list,
      Map<String, String> properties,
      List<RankedTag> tags,
      List<TagShare> shares,
      int top) {
    String task = properties.getOrDefault(list, "");
    report.put(Arrays.asList("profiles", user, list), values(tags, shares));
    report.line(
        String.format(Locale.ROOT, "  %-10s ", list)
            + tags(tags, top)
            + (tags.isEmpty() ? "" : " (probability of " + task + ")"));
    if (shares.isEmpty()) {
      return;
    }
    ExpertWords mean = ExpertWords.of(shares);
    report.put(Arrays.asList("profiles", user, "experts", list), mean.shares());
    report.line("             " + mean.sentence());
    List<TagShare> shown = shares.subList(0, Math.min(top, shares.size()));
    int width = shown.stream().mapToInt(share -> share.tag().tag().length()).max().orElse(0);
    for (TagShare share : shown) {
      report.line(
          String.format(
              Locale.ROOT,
              "    %3d. %-" + width + "s %5.1f%%  %s",
              share.tag().rank(),
              share.tag().tag(),
              100 * share.tag().probability(),
              ExpertWords.of(Collections.singletonList(share)).list()));
    }
  }

  /** A list as values, with the experts' shares where they are known. */
  private static List<Map<String, Object>> values(List<RankedTag> tags, List<TagShare> shares) {
    List<Map<String, Object>> values = new ArrayList<>();
    for (int i = 0; i < tags.size(); i++) {
      Map<String, Object> value = new LinkedHashMap<>();
      value.put("rank", tags.get(i).rank());
      value.put("tag", tags.get(i).tag());
      value.put("probability", tags.get(i).probability());
      value.put("score", tags.get(i).score());
      if (i < shares.size()) {
        value.put("experts", ExpertWords.of(Collections.singletonList(shares.get(i))).shares());
      }
      values.add(value);
    }
    return values;
  }

  private static String tags(List<RankedTag> tags, int most) {
    StringBuilder text = new StringBuilder();
    for (RankedTag tag : tags.subList(0, Math.min(most, tags.size()))) {
      text.append(text.length() == 0 ? "" : ", ");
      text.append(tag.tag());
      text.append(String.format(Locale.ROOT, " %.1f%%", 100 * tag.probability()));
    }
    return text.length() == 0 ? "none" : text.toString();
  }
}
