package io.tagloom.export.publish;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Collections;
import org.apache.hadoop.conf.Configuration;

/** A publish in a process of its own, which dies after a step: arguments are folder and step. */
final class KilledPublish {
  static final int EXIT_CODE = 137;

  private KilledPublish() {}

  public static void main(String[] arguments) throws IOException {
    VersionStore store =
        new VersionStore(
            new Configuration(), new org.apache.hadoop.fs.Path(arguments[0], "tables"));
    try (Publisher publisher =
        Publisher.open(
            store,
            "2026-11-01",
            "00112233",
            600_000,
            PublishLock.processOwner(),
            step -> die(step, arguments[1]))) {
      publish(publisher, arguments[1]);
    }
  }

  private static void publish(Publisher publisher, String dying) throws IOException {
    Path folder = Paths.get(publisher.folder().toUri().getPath(), "table");
    Files.createDirectories(folder);
    Files.write(folder.resolve("part"), "half".getBytes(StandardCharsets.UTF_8));
    die("writing", dying);
    Files.write(folder.resolve("part"), "whole".getBytes(StandardCharsets.UTF_8));
    Manifest manifest =
        new Manifest(
            publisher.version(),
            publisher.sequence(),
            publisher.previous().map(Manifest::version),
            "model",
            "2026-11-01",
            Collections.singletonMap("table", 1L),
            Collections.<String, String>emptyMap(),
            Collections.singletonList(Check.equal("x", 1, 1)));
    publisher.publish(manifest, 2);
    die("published", dying);
  }

  /** As a kill: no shutdown hooks, no finally blocks. */
  private static void die(String now, String step) {
    if (now.equals(step)) {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }
}
