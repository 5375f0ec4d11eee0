package io.tagloom.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tagloom.pipeline.bench.StandaloneCluster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.IOUtils;

/** One start of the job jar as a driver in a JVM of its own. Closing it ends that JVM. */
final class JobJar implements AutoCloseable {
  static final Path JAR = Paths.get("target/tagloom.jar").toAbsolutePath();

  /** These JVMs live for seconds: what is compiled well would be compiled too late. */
  static final List<String> SHORT_LIVED =
      Arrays.asList(
          "-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=240m", "-XX:+UseSerialGC");

  private final Process driver;
  private final Path out;
  private final Path err;

  private JobJar(Process driver, Path out, Path err) {
    this.driver = driver;
    this.out = out;
    this.err = err;
  }

  /**
   * Starts the jar with the java command, as the launcher does without a Spark of its own.
   *
   * @param spark the Spark to run on
   * @param folder an existing folder for what it prints
   * @param arguments of the command line
   */
  static JobJar start(SparkRuntime spark, Path folder, List<String> arguments) throws IOException {
    return start(spark.jars() + "/*", folder, arguments);
  }

  /** Starts the jar beside whatever else is on the class path. */
  static JobJar start(String classes, Path folder, List<String> arguments) throws IOException {
    List<String> command = java();
    command.addAll(StandaloneCluster.moduleOptions());
    command.addAll(SHORT_LIVED);
    command.addAll(Arrays.asList("-Xmx1g", "-Duser.timezone=UTC", "-Dtagloom.jar=" + JAR));
    command.add("-Dspark.executor.extraJavaOptions=" + String.join(" ", SHORT_LIVED));
    command.addAll(Arrays.asList("-cp", JAR + ":" + classes));
    command.add("io.tagloom.pipeline.Main");
    command.addAll(arguments);
    return start(folder, new ProcessBuilder(command));
  }

  /**
   * Hands the jar to spark-submit: to the class behind that script, which starts the driver with
   * the options that this Spark wants.
   *
   * @param spark the Spark of the cluster
   * @param cluster where it runs
   * @param folder an existing folder for what it prints
   * @param arguments of the command line
   */
  static JobJar submit(
      SparkRuntime spark, StandaloneCluster cluster, Path folder, List<String> arguments)
      throws IOException {
    String options = String.join(" ", SHORT_LIVED);
    List<String> launcher = java();
    launcher.addAll(Arrays.asList("-cp", spark.jars() + "/*", "org.apache.spark.launcher.Main"));
    launcher.addAll(Arrays.asList("org.apache.spark.deploy.SparkSubmit", "--master"));
    launcher.addAll(Arrays.asList(cluster.url(), "--class", "io.tagloom.pipeline.Main"));
    launcher.addAll(Arrays.asList("--driver-memory", "1g", "--driver-java-options", options));
    launcher.addAll(Arrays.asList("--conf", "spark.executor.extraJavaOptions=" + options));
    launcher.add(JAR.toString());
    launcher.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(launcher);
    builder.environment().putAll(cluster.environment());
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String text;
    try (InputStream in = process.getInputStream()) {
      text = IOUtils.toString(in, StandardCharsets.UTF_8);
    }
    // Words end with a zero byte; a line that holds nothing else comes before them.
    builder.command(text.substring(text.indexOf("\0\n") + 2).split("\0"));
    return start(folder, builder);
  }

  private static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(Paths.get(System.getProperty("java.home"), "bin", "java").toString());
    return command;
  }

  private static JobJar start(Path folder, ProcessBuilder command) throws IOException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    command.redirectOutput(out.toFile()).redirectError(err.toFile());
    return new JobJar(command.start(), out, err);
  }

  /** Waits until it has ended well, and gives the object that it has printed last. */
  JsonNode result() throws IOException, InterruptedException {
    if (!driver.waitFor(8, TimeUnit.MINUTES)) {
      throw new IOException("no end within 8 minutes: " + err());
    }
    if (driver.exitValue() != 0) {
      throw new IOException("exit code " + driver.exitValue() + ": " + err());
    }
    String[] lines = out().split("\\R");
    return new ObjectMapper().readTree(lines[lines.length - 1]);
  }

  /** Waits until it has ended, and gives its exit code. */
  int exitCode() throws InterruptedException {
    return driver.waitFor();
  }

  /** What it has said to standard output. */
  String out() throws IOException {
    return text(out);
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

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
