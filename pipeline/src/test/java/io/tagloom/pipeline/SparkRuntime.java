package io.tagloom.pipeline;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Sparks that the job jar is run on, each a folder of jars that the build has copied. */
enum SparkRuntime {
  /** The one that it is compiled against. */
  SPARK_3_5("target/spark-runtime"),
  /** Another Scala, other defaults. */
  SPARK_4("../features/spark4/target/runtime");

  private static final Pattern CORE = Pattern.compile("spark-core_([0-9.]+)-(.+)[.]jar");

  private final Path folder;

  SparkRuntime(String folder) {
    this.folder = Paths.get(folder).toAbsolutePath();
  }

  /** Its jars; where this JVM's Java is not for it, the test ends here and says so. */
  Path jars() throws IOException {
    String java = System.getProperty("java.specification.version");
    if (this == SPARK_4) {
      // Only then does the build copy its jars.
      assumeTrue(Float.parseFloat(java) >= 17, "not tested on Spark 4: it needs Java 17 or 21");
    }
    Matcher core = core();
    Platform platform = new Platform(core.group(2), core.group(1), folder.toString(), java, "");
    assumeTrue(!platform.fault().isPresent(), () -> "not tested: " + platform.fault().orElse(""));
    return folder;
  }

  /** Its version, such as 3.5.9. */
  String version() throws IOException {
    return core().group(2);
  }

  private Matcher core() throws IOException {
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "spark-core_*.jar")) {
        for (Path jar : found) {
          Matcher core = CORE.matcher(jar.getFileName().toString());
          if (core.matches()) {
            return core;
          }
        }
      }
    }
    throw new IOException(
        "Cannot test on " + this + ": no Spark in " + folder + ". Run mvn verify on all modules.");
  }
}
