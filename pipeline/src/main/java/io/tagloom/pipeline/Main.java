package io.tagloom.pipeline;

import io.tagloom.pipeline.command.Tagloom;

/** Where the job jar starts. */
public final class Main {
  private Main() {}

  /**
   * Runs a command and ends the JVM with its exit code.
   *
   * @param arguments as {@code tagloom --help} lists them
   */
  public static void main(String[] arguments) {
    int exitCode = Tagloom.run(arguments);
    System.out.flush();
    System.err.flush();
    // Threads that Spark or a file system left behind do not hold the JVM.
    System.exit(exitCode);
  }
}
