package io.tagloom.pipeline;

import io.tagloom.pipeline.command.Tagloom;

/** Where the job jar starts. */
public final class Main {
  private Main() {}

  /**
   * Runs a command and ends the JVM with its exit code. On a Spark or a Java that it cannot run on
   * it says so, does nothing else and ends with 2.
   *
   * @param arguments as {@code tagloom --help} lists them
   */
  public static void main(String[] arguments) {
    int exitCode =
        Platform.found()
            .fault()
            .map(fault -> Tagloom.refuse(fault, arguments))
            .orElseGet(() -> Tagloom.run(arguments));
    System.out.flush();
    System.err.flush();
    // Threads that Spark or a file system left behind do not hold the JVM.
    System.exit(exitCode);
  }
}
