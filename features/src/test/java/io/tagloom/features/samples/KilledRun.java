package io.tagloom.features.samples;

import io.tagloom.conf.Settings;
import io.tagloom.features.LocalSpark;
import java.time.LocalDate;
import java.util.Arrays;

/** A run in a process of its own: arguments are the date and settings. */
final class KilledRun {
  private KilledRun() {}

  public static void main(String[] arguments) {
    Settings settings =
        Settings.reference(
            Settings.overrides(Arrays.asList(arguments).subList(1, arguments.length)));
    SampleJob.run(
        LocalSpark.session(), settings, LocalDate.parse(arguments[0]), SampleJob.Later.KEPT);
  }
}
