package io.tagloom.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tagloom.pipeline.bench.StandaloneCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One start of the job jar as a driver in a JVM of its own. Closing it ends that JVM. */
final class JobJar implements AutoCloseable {
  static final Path RUNTIME = Paths.get("target/spark-runtime").toAbsolutePath();
  static final Path JAR = Paths.get("target/tagloom.jar").toAbsolutePath();

  private final Process driver;
  private final Path out;
  private final Path err;

  private JobJar(Process driver, Path out, Path err) {
    this.driver = driver;
    this.out = out;
    this.err = err;
  }

  /**
   * Starts the jar.
   *
   * @param folder an existing folder for what it prints
   * @param arguments of the command line
   */
  static JobJar start(Path folder, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Paths.get(System.getProperty("java.home"), "bin", "java").toString());
    List<String> jvmOptions = new ArrayList<>(StandaloneCluster.moduleOptions());
    // These JVMs live for seconds: what is compiled well would be compiled too late.
    jvmOptions.addAll(Arrays.asList("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(jvmOptions);
    command.addAll(Arrays.asList("-Xmx1g", "-Duser.timezone=UTC", "-Dtagloom.jar=" + JAR));
    command.add("-Dspark.executor.extraJavaOptions=" + String.join(" ", jvmOptions));
    command.addAll(Arrays.asList("-cp", asm() + ":" + JAR + ":" + RUNTIME + "/*"));
    command.add("io.tagloom.pipeline.Main");
    command.addAll(arguments);
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    Process driver =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return new JobJar(driver, out, err);
  }

  /** Waits until it has ended well, and gives the object that it has printed last. */
  JsonNode result() throws IOException, InterruptedException {
    if (!driver.waitFor(8, TimeUnit.MINUTES)) {
      throw new IOException("no end within 8 minutes: " + err());
    }
    if (driver.exitValue() != 0) {
      throw new IOException("exit code " + driver.exitValue() + ": " + err());
    }
    String[] lines = text(out).split("\\R");
    return new ObjectMapper().readTree(lines[lines.length - 1]);
  }

  /** What it has said to standard error. */
  String err() throws IOException {
    return text(err);
  }

  boolean running() {
    return driver.isAlive();
  }

  /** Kills it without a chance to tidy up. */
  void kill() throws InterruptedException {
    driver.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    driver.destroyForcibly();
  }

  private static Path asm() throws IOException {
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(RUNTIME, "tagloom-spark-asm-*.jar")) {
      return found.iterator().next();
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
