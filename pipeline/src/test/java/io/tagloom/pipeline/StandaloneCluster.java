package io.tagloom.pipeline;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A Spark standalone cluster of JVMs of their own on 127.0.0.1: a master and workers with one core
 * each, on ports that were free. Closing it ends the processes it has started and no others.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final Pattern MASTER_URL = Pattern.compile("spark://127\\.0\\.0\\.1:[0-9]+");
  private static final long START_SECONDS = 60;

  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private String url = "";

  private StandaloneCluster(Path folder) {
    this.folder = folder;
  }

  /**
   * Starts a master and its workers and waits until all have registered.
   *
   * @param runtime folder of Spark's jars
   * @param folder where logs and work files go
   * @param workers number of workers
   */
  static StandaloneCluster start(Path runtime, Path folder, int workers)
      throws IOException, InterruptedException {
    StandaloneCluster cluster = new StandaloneCluster(folder);
    try {
      Path log =
          cluster.launch(
              runtime,
              "master",
              "org.apache.spark.deploy.master.Master",
              "--host 127.0.0.1 --port 0 --webui-port 0");
      cluster.url = await(log, MASTER_URL);
      for (int i = 0; i < workers; i++) {
        cluster.launch(
            runtime,
            "worker" + i,
            "org.apache.spark.deploy.worker.Worker",
            "--host 127.0.0.1 --cores 1 --memory 1g --webui-port 0 --work-dir "
                + folder.resolve("work" + i)
                + " "
                + cluster.url);
        await(folder.resolve("worker" + i + ".log"), Pattern.compile("registered with master"));
      }
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** The master's address. */
  String url() {
    return url;
  }

  private Path launch(Path runtime, String name, String main, String arguments) throws IOException {
    Path log = Files.createDirectories(folder).resolve(name + ".log");
    List<String> command = new ArrayList<>();
    command.add(Paths.get(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.addAll(jdkOptions());
    command.addAll(Arrays.asList("-cp", runtime + "/*", main));
    command.addAll(Arrays.asList(arguments.split(" ")));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("SPARK_LOCAL_DIRS", folder.resolve("local").toString());
    // Workers start executors from the jars folder of their Spark home.
    builder.environment().put("SPARK_HOME", sparkHome(runtime).toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.11");
    builder.directory(folder.toFile());
    processes.add(builder.redirectErrorStream(true).redirectOutput(log.toFile()).start());
    return log;
  }

  private Path sparkHome(Path runtime) throws IOException {
    Path home = Files.createDirectories(folder.resolve("spark"));
    if (!Files.exists(home.resolve("jars"))) {
      Files.createSymbolicLink(home.resolve("jars"), runtime.toAbsolutePath());
    }
    return home;
  }

  /** What Spark 2.4 needs on JDK 9 and later. */
  static List<String> jdkOptions() throws IOException {
    if (System.getProperty("java.specification.version").startsWith("1.")) {
      return new ArrayList<>();
    }
    return Files.readAllLines(Paths.get("../conf/jdk9.options")).stream()
        .filter(line -> line.startsWith("--"))
        .collect(Collectors.toList());
  }

  private static String await(Path log, Pattern pattern) throws IOException, InterruptedException {
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
      TimeUnit.MILLISECONDS.sleep(100);
    }
    throw new IOException("no \"" + pattern + "\" in " + log + " within " + START_SECONDS + " s");
  }

  @Override
  public void close() {
    // Workers first: a worker without its master only complains.
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
