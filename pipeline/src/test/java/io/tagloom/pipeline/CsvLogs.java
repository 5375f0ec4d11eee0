package io.tagloom.pipeline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Logs as {@code conf/examples/csv-logs.conf} wants them, with what real ones have: gaps, values
 * that are no number, copies, a time nobody can read. Users like some tags and click on those.
 */
final class CsvLogs {
  /** The day of the last impression. */
  static final String DATE = "1998-04-22";

  private static final long LAST_MILLIS = 893_289_000_000L;
  private static final long STEP_MILLIS = 3_100_000L;
  private static final int USERS = 80;
  private static final int ITEMS = 120;
  private static final int IMPRESSIONS = 6_000;
  private static final String[] TAGS =
      "Action Comedy Crime Drama Fantasy Horror Musical Mystery Romance Sci-Fi War Western"
          .split(" ");
  private static final String[] OCCUPATIONS = {"artist", "doctor", "engineer", "", "écrivain"};

  private final Random random = new Random(17);
  private final List<List<String>> likes = new ArrayList<>();
  private final List<List<String>> tags = new ArrayList<>();

  private CsvLogs() {}

  /** Writes all five files. */
  static void write(Path folder) throws IOException {
    CsvLogs logs = new CsvLogs();
    write(folder.resolve("users.csv"), logs.users());
    write(folder.resolve("items.csv"), logs.items());
    logs.events(folder);
  }

  private List<String> users() {
    List<String> lines = new ArrayList<>();
    lines.add("user_id,age,gender,occupation,zip_code");
    for (int user = 1; user <= USERS; user++) {
      likes.add(some(TAGS, 3));
      String age = user % 9 == 0 ? "" : user == 5 ? "unknown" : "" + (15 + random.nextInt(50));
      String zip = user % 11 == 0 ? "T8H1N" : String.format("%05d", random.nextInt(100_000));
      String occupation = OCCUPATIONS[user % OCCUPATIONS.length];
      lines.add(
          user + "," + age + "," + (user % 3 == 0 ? "F" : "M") + "," + occupation + "," + zip);
    }
    return lines;
  }

  private List<String> items() {
    List<String> lines = new ArrayList<>();
    lines.add("item_id,tags,release_year");
    for (int item = 1; item <= ITEMS; item++) {
      tags.add(some(TAGS, 1 + random.nextInt(3)));
      String year = item % 17 == 0 ? "" : "" + (1930 + random.nextInt(69));
      lines.add(item + "," + String.join("|", tags.get(item - 1)) + "," + year);
    }
    return lines;
  }

  private void events(Path folder) throws IOException {
    List<String> impressions = new ArrayList<>();
    List<String> clicks = new ArrayList<>();
    List<String> conversions = new ArrayList<>();
    impressions.add("impression_id,user_id,item_id,ts");
    clicks.add("click_id,impression_id,user_id,item_id,ts");
    conversions.add("conversion_id,click_id,impression_id,user_id,item_id,ts");
    for (int i = 1; i <= IMPRESSIONS; i++) {
      int user = random.nextInt(USERS);
      int item = random.nextInt(ITEMS);
      long time = LAST_MILLIS - (IMPRESSIONS - i) * STEP_MILLIS;
      String who = (user + 1) + "," + (item + 1) + ",";
      impressions.add("i" + i + "," + who + (i == 77 ? "yesterday" : time));
      boolean liked = tags.get(item).stream().anyMatch(likes.get(user)::contains);
      if (random.nextDouble() < (liked ? 0.7 : 0.2)) {
        clicks.add("c" + i + ",i" + i + "," + who + (time + 40_000));
        if (random.nextDouble() < (liked ? 0.5 : 0.2)) {
          conversions.add("o" + i + ",c" + i + ",i" + i + "," + who + (time + 90_000));
        }
      }
    }
    impressions.add(impressions.get(1));
    clicks.add("c0,i0,1,1," + LAST_MILLIS);
    write(folder.resolve("impressions.csv"), impressions);
    write(folder.resolve("clicks.csv"), clicks);
    write(folder.resolve("conversions.csv"), conversions);
  }

  private List<String> some(String[] of, int count) {
    List<String> some = new ArrayList<>();
    while (some.size() < count) {
      String one = of[random.nextInt(of.length)];
      if (!some.contains(one)) {
        some.add(one);
      }
    }
    return some;
  }

  private static void write(Path file, List<String> lines) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, lines, StandardCharsets.UTF_8);
  }
}
