package io.tagloom.training.bench;

import io.tagloom.conf.SettingsException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Another program that trains the same model and prints its speed as {@code N samples/s}; run by
 * the shell in the same measurement, so that both meet the same machine.
 */
public final class Peer {
  private static final Pattern SPEED = Pattern.compile("([0-9][0-9.,_]*)\\s*samples/s");

  private final String name;
  private final String command;

  private Peer(String name, String command) {
    this.name = name;
    this.command = command;
  }

  /**
   * A peer.
   *
   * @param text {@code NAME=COMMAND}
   * @throws SettingsException if there is no name of letters, digits, - and _, or no command
   */
  public static Peer of(String text) {
    Matcher parts = Pattern.compile("([A-Za-z0-9_-]+)=(.+)", Pattern.DOTALL).matcher(text);
    if (!parts.matches()) {
      throw new SettingsException(
          "Invalid --peer: "
              + text
              + "; expected NAME=COMMAND, where the command prints a line with \"N samples/s\".");
    }
    return new Peer(parts.group(1), parts.group(2));
  }

  /** The name in results. */
  String name() {
    return name;
  }

  /**
   * Runs the command and reads its speed, the last that it prints.
   *
   * @throws SettingsException if it fails or prints none
   */
  double samplesPerSecond() {
    String last = "";
    String speed = "";
    try {
      Process process =
          new ProcessBuilder("/bin/sh", "-c", command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          Matcher found = SPEED.matcher(line);
          speed = found.find() ? found.group(1).replaceAll("[,_]", "") : speed;
          last = line.trim().isEmpty() ? last : line.trim();
        }
      }
      int code = process.waitFor();
      if (code != 0 || speed.isEmpty()) {
        throw new SettingsException(
            "Cannot measure --peer "
                + name
                + ": it ended with code "
                + code
                + (speed.isEmpty() ? " and printed no \"N samples/s\"" : "")
                + "; its last line: "
                + last
                + ". Run the command by hand: "
                + command);
      }
      return Double.parseDouble(speed);
    } catch (IOException e) {
      throw new SettingsException("Cannot start --peer " + name + ": " + e.getMessage() + ".");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot wait for --peer " + name + ": stopped.", e);
    }
  }
}
