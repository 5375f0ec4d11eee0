package io.tagloom.pipeline.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A Spark standalone cluster on 127.0.0.1 to measure on: Spark's own master and workers of one core
 * each, every one a JVM of its own with the module options of this one, on ports that were free.
 * Closing it ends these processes and no others.
 */
public final class StandaloneCluster implements AutoCloseable {
  private static final Pattern MASTER_URL = Pattern.compile("spark://127\\.0\\.0\\.1:[0-9]+");
  private static final long START_SECONDS = 60;

  private final Path jars;
  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private String url = "";

  private StandaloneCluster(Path jars, Path folder) {
    this.jars = jars;
    this.folder = folder;
  }

  /**
   * Starts a master and its workers and waits until all have registered.
   *
   * @param jars folder of Spark's jars
   * @param folder where logs and work files go
   * @param workers number of workers
   * @throws IllegalStateException when they do not start
   */
  public static StandaloneCluster start(Path jars, Path folder, int workers) {
    StandaloneCluster cluster = new StandaloneCluster(jars, folder);
    // Also when a person stops the command.
    Runtime.getRuntime().addShutdownHook(new Thread(cluster::close));
    try {
      Path log = cluster.launch("master", "org.apache.spark.deploy.master.Master", "--port", "0");
      cluster.url = await(log, MASTER_URL);
      List<Path> logs = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        // The memory is what the master deals out: executors take what they are told to.
        logs.add(
            cluster.launch(
                "worker" + i,
                "org.apache.spark.deploy.worker.Worker",
                "--cores",
                "1",
                "--memory",
                "64g",
                "--work-dir",
                folder.resolve("work" + i).toString(),
                cluster.url));
      }
      for (Path worker : logs) {
        await(worker, Pattern.compile("registered with master"));
      }
      return cluster;
    } catch (IOException e) {
      cluster.close();
      throw new IllegalStateException(
          "Cannot start a cluster in " + folder + ": " + e.getMessage() + ". See its logs.", e);
    }
  }

  /** The master's address. */
  public String url() {
    return url;
  }

  /** The options of this JVM that open modules: what Spark needs on a JDK 9 or later. */
  public static List<String> moduleOptions() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--add-"))
        .collect(Collectors.toList());
  }

  /**
   * What Spark's own launcher reads to start a JVM on this cluster's Spark: a worker's executors, a
   * driver.
   */
  public Map<String, String> environment() throws IOException {
    Map<String, String> environment = new HashMap<>();
    environment.put("SPARK_HOME", home().toString());
    environment.put("SPARK_SCALA_VERSION", scala());
    return environment;
  }

  private Path launch(String name, String main, String... arguments) throws IOException {
    Path log = Files.createDirectories(folder).resolve(name + ".log");
    List<String> command = new ArrayList<>();
    command.add(Paths.get(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Arrays.asList("-Xmx256m", "-XX:TieredStopAtLevel=1"));
    command.addAll(moduleOptions());
    command.addAll(Arrays.asList("-cp", jars + "/*", main));
    command.addAll(Arrays.asList("--host", "127.0.0.1", "--webui-port", "0"));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("SPARK_LOCAL_DIRS", folder.resolve("local").toString());
    builder.environment().putAll(environment());
    builder.directory(folder.toFile());
    processes.add(builder.redirectErrorStream(true).redirectOutput(log.toFile()).start());
    return log;
  }

  private Path home() throws IOException {
    Path home = Files.createDirectories(folder.resolve("spark"));
    if (!Files.exists(home.resolve("jars"))) {
      Files.createSymbolicLink(home.resolve("jars"), jars.toAbsolutePath());
    }
    return home;
  }

  /** Scala's version of these jars; a start script of Spark's own would set it. */
  private String scala() throws IOException {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(jars, "spark-core_*.jar")) {
      for (Path core : found) {
        return core.getFileName().toString().replaceAll("^spark-core_|-.*", "");
      }
    }
    throw new IOException("no spark-core_*.jar in " + jars);
  }

  private static String await(Path log, Pattern pattern) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (System.nanoTime() < end) {
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(Files.newInputStream(log), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          Matcher matcher = pattern.matcher(line);
          if (matcher.find()) {
            return matcher.group();
          }
        }
      }
      pause();
    }
    throw new IOException("no \"" + pattern + "\" in " + log + " within " + START_SECONDS + " s");
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the command was stopped", e);
    }
  }

  /** Ends all processes of the cluster, workers before the master. */
  @Override
  public void close() {
    for (int i = processes.size() - 1; i >= 0; i--) {
      Process process = processes.get(i);
      process.destroy();
      try {
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
