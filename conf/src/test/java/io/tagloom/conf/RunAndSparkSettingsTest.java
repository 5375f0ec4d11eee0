package io.tagloom.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunAndSparkSettingsTest {
  @Test
  void defaultsAreThoseOfTheReference() {
    Settings settings = Settings.reference(Collections.emptyMap());

    assertThat(settings.run().seed()).isEqualTo(42);
    assertThat(settings.spark().master()).isEqualTo("local[*]");
    assertThat(settings.spark().driverMemory()).isEqualTo("4g");
    assertThat(settings.spark().logLevel()).isEqualTo(SparkSettings.LogLevel.ERROR);
    assertThat(settings.spark().properties()).isEmpty();
  }

  @Test
  void aRunWithoutRootSaysHowToSetIt() {
    assertThatThrownBy(() -> Settings.reference(Collections.emptyMap()).run().root())
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "Missing run.root; expected a folder for samples, models and tables. "
                + "Set it in the settings file or with --set run.root=DIR.");
  }

  @Test
  void theRootLosesSlashesAtItsEnd() {
    assertThat(Settings.reference(with("run.root", "/data/run//")).run().root())
        .isEqualTo("/data/run");
    assertThat(Settings.reference(with("run.root", "/")).run().root()).isEqualTo("/");
  }

  @Test
  void sparkPropertiesMayBeNamedWithAndWithoutQuotes() {
    Map<String, String> overrides = with("spark.properties.spark.ui.port", "4050");
    overrides.put("spark.log-level", "info");

    SparkSettings spark = Settings.reference(overrides).spark();

    assertThat(spark.properties()).containsEntry("spark.ui.port", "4050");
    assertThat(spark.logLevel()).isEqualTo(SparkSettings.LogLevel.INFO);
  }

  @Test
  void clustersRunWithoutDynamicAllocationAndLocalRunsWithoutTheWebPages() {
    assertThat(SparkSettings.defaultsFor("local[2]")).containsEntry("spark.ui.enabled", "false");
    assertThat(SparkSettings.defaultsFor("spark://host:7077"))
        .containsEntry("spark.dynamicAllocation.enabled", "false")
        .doesNotContainKey("spark.ui.enabled");
  }

  @Test
  void wrongSparkValuesAreReportedTogether() {
    Map<String, String> overrides = with("spark.driver-memory", "4 gigs");
    overrides.put("spark.log-level", "LOUD");
    overrides.put("spark.properties.ui.port", "4050");

    assertThatThrownBy(() -> Settings.reference(overrides))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(
            "Invalid spark.driver-memory: 4 gigs; expected a whole number with k, m, g or t")
        .hasMessageContaining("Invalid spark.log-level: LOUD; expected one of ERROR, WARN, INFO")
        .hasMessageContaining(
            "Invalid spark.properties: ui.port; expected names that start with spark.");
  }

  private static Map<String, String> with(String key, String value) {
    Map<String, String> overrides = new LinkedHashMap<>();
    overrides.put(key, value);
    return overrides;
  }
}
