package io.tagloom.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {
  private static final String JAR = "/opt/spark/jars/spark-core.jar";

  @ParameterizedTest
  @CsvSource({
    "3.5.0, 2.12.18, 1.8",
    "3.5.9, 2.12.18, 11",
    "3.5.9, 2.13.8, 17",
    "3.5.1-amzn-0, 2.12.18, 17",
    "4.0.1, 2.13.16, 17",
    "4.2.0, 2.13.18, 21"
  })
  void spark35And4RunOnTheirJavas(String spark, String scala, String java) {
    assertThat(platform(spark, scala, java).fault()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"2.4.8, 2.11.12", "3.3.2, 2.12.15", "3.4.4, 2.12.17", "3.50.0, 2.12.0", "5.0.0, 3.3"})
  void otherSparksAreRefusedByVersionScalaAndPlace(String spark, String scala) {
    assertThat(platform(spark, scala, "17").fault())
        .contains(
            "Cannot run on Spark "
                + spark
                + " (Scala "
                + scala
                + ", /opt/spark/jars/spark-core.jar): tagloom needs Spark 3.5 or 4. Set SPARK_HOME"
                + " to one of them, or run without --master on the Spark 3.5 that tagloom brings.");
  }

  @ParameterizedTest
  @CsvSource({
    "4.0.1, 1.8, 8, 17 or 21",
    "4.0.1, 11, 11, 17 or 21",
    "4.2.0, 25, 25, 17 or 21",
    "3.5.9, 21, 21, '8, 11 or 17'"
  })
  void aJavaThatTheSparkDoesNotRunOnIsRefusedByName(
      String spark, String java, String major, String needed) {
    assertThat(platform(spark, "2.13.16", java).fault())
        .contains(
            "Cannot run on Java "
                + major
                + " (/opt/java): Spark "
                + spark
                + " (Scala 2.13.16, "
                + JAR
                + ") needs Java "
                + needed
                + ". Set JAVA_HOME to one of them.");
  }

  @Test
  void withoutSparkItSaysHowToStartTheJar() {
    Optional<String> fault = platform("", "", "17").fault();

    assertThat(fault.orElse(""))
        .startsWith("Cannot start: no Spark on the class path; tagloom needs Spark 3.5 or 4. Start")
        .doesNotContain("\n");
  }

  private static Platform platform(String spark, String scala, String java) {
    return new Platform(spark, scala, JAR, java, "/opt/java");
  }
}
