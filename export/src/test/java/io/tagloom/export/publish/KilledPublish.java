package io.tagloom.export.publish;

import java.io.IOException;
import java.nio.file.Paths;

/** A publish in a process of its own, which dies after a step: arguments are folder and step. */
final class KilledPublish {
  static final int EXIT_CODE = 137;

  private KilledPublish() {}

  public static void main(String[] arguments) throws IOException {
    PublishedTable table = new PublishedTable(Paths.get(arguments[0]));
    try (Publisher publisher =
        Publisher.open(
            table.store(),
            PublishedTable.DATE,
            PublishedTable.CONTENT,
            600_000,
            FolderLock.processOwner(),
            step -> die(step, arguments[1]))) {
      PublishedTable.fill(publisher, "half");
      die("writing", arguments[1]);
      PublishedTable.fill(publisher, "whole");
      publisher.publish(PublishedTable.manifest(publisher, PublishedTable.FINE), 2);
      die("published", arguments[1]);
    }
  }

  /** As a kill: no shutdown hooks, no finally blocks. */
  private static void die(String now, String step) {
    if (now.equals(step)) {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }
}
