package io.tagloom.export.sinks;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A PostgreSQL of the machine's packages in a folder, on 127.0.0.1. */
public final class PostgresServer implements AutoCloseable {
  private final Path programs;
  private final Path data;
  private final int port;

  private PostgresServer(Path programs, Path data, int port) {
    this.programs = programs;
    this.data = data;
    this.port = port;
  }

  /** Where the programs of the newest installed version are. */
  public static Optional<Path> programs() {
    Path versions = Paths.get("/usr/lib/postgresql");
    if (!Files.isDirectory(versions)) {
      return Optional.empty();
    }
    try (Stream<Path> folders = Files.list(versions)) {
      return folders
          .map(folder -> folder.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Path::compareTo);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  public static PostgresServer start(Path programs, Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    PostgresServer server = new PostgresServer(programs, folder.resolve("data"), port);
    server.run("initdb", "-D", server.data.toString(), "-U", "test", "-A", "trust", "-N");
    server.startAgain();
    return server;
  }

  public void startAgain() throws IOException {
    String options =
        "-p " + port + " -k " + data.getParent() + " -c listen_addresses=127.0.0.1 -c fsync=off";
    run("pg_ctl", "-D", data.toString(), "-w", "-l", data + "/log", "-o", options, "start");
  }

  public void stop() throws IOException {
    run("pg_ctl", "-D", data.toString(), "-w", "-m", "immediate", "stop");
  }

  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  @Override
  public void close() throws IOException {
    stop();
  }

  /** As another user when this one is root, which PostgreSQL refuses. */
  private void run(String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(Arrays.asList("runuser", "-u", "postgres", "--"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(Arrays.asList(arguments));
    Path log = Files.createTempFile("postgres", ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(data.getParent().toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!ended(process) || process.exitValue() != 0) {
      process.destroy();
      throw new IllegalStateException(
          command + ": " + Files.readAllLines(log).stream().collect(Collectors.joining("\n")));
    }
    Files.delete(log);
  }

  private static boolean ended(Process process) throws IOException {
    try {
      return process.waitFor(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
