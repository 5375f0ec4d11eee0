package io.tagloom.pipeline.command;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.UnsupportedEncodingException;
import java.util.Arrays;
import java.util.List;

/** What a command line gave: exit code and both streams. */
public final class Terminals {
  private final int exitCode;
  private final String out;
  private final String err;

  private Terminals(int exitCode, String out, String err) {
    this.exitCode = exitCode;
    this.out = out;
    this.err = err;
  }

  /** Runs a command line inside this JVM. */
  public static Terminals run(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(outBytes, true, "UTF-8"));
      System.setErr(new PrintStream(errBytes, true, "UTF-8"));
      int exitCode = Tagloom.run(arguments);
      return new Terminals(exitCode, outBytes.toString("UTF-8"), errBytes.toString("UTF-8"));
    } catch (UnsupportedEncodingException e) {
      throw new IllegalStateException(e);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  public int exitCode() {
    return exitCode;
  }

  public String out() {
    return out;
  }

  public String err() {
    return err;
  }

  /** The last line of standard output. */
  public String lastLine() {
    List<String> lines = Arrays.asList(out.split("\\R"));
    return lines.get(lines.size() - 1);
  }
}
