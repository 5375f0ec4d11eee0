package io.tagloom.export.publish;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;

/** Versions of one table of one file, published below a folder. */
final class PublishedTable {
  static final String DATE = "2026-11-01";
  static final String CONTENT = "00112233";
  static final List<Check> FINE = Collections.singletonList(Check.equal("x", 1, 1));

  private final Path tables;
  private final VersionStore store;

  PublishedTable(Path root) {
    this.tables = root.resolve("tables");
    this.store =
        new VersionStore(new Configuration(), new org.apache.hadoop.fs.Path(tables.toString()));
  }

  VersionStore store() {
    return store;
  }

  Publisher publisher() throws IOException {
    return publisher(DATE);
  }

  Publisher publisher(String date) throws IOException {
    return Publisher.open(store, date, CONTENT, 10);
  }

  /** Publishes a version; returns its name. */
  String publish(int keep) throws IOException {
    return publish(publisher(), keep);
  }

  /** Publishes a version of a date; returns its name. */
  String publish(String date) throws IOException {
    return publish(publisher(date), 7);
  }

  private static String publish(Publisher opened, int keep) throws IOException {
    try (Publisher publisher = opened) {
      fill(publisher, "whole");
      publisher.publish(manifest(publisher, FINE), keep);
      return publisher.version();
    }
  }

  /** Writes the table. */
  static void fill(Publisher publisher, String text) throws IOException {
    Path folder = Paths.get(publisher.folder().toUri().getPath(), "table");
    Files.createDirectories(folder);
    Files.write(folder.resolve("part"), text.getBytes(StandardCharsets.UTF_8));
  }

  static Manifest manifest(Publisher publisher, List<Check> checks) {
    return new Manifest(
        publisher.version(),
        publisher.sequence(),
        publisher.previous().map(Manifest::version),
        "model",
        publisher.version().substring(0, DATE.length()),
        Collections.singletonMap("table", 1L),
        Collections.singletonMap("code_version", "1"),
        checks);
  }

  /** What a reader sees: the latest version's name and its table. */
  String read() throws IOException {
    Manifest manifest = store.latestManifest().get();
    Path part = tables.resolve(manifest.version()).resolve("table/part");
    return manifest.version() + " " + new String(Files.readAllBytes(part), StandardCharsets.UTF_8);
  }

  /** Names of all that lies in the folder of versions. */
  List<String> names() {
    return Arrays.stream(tables.toFile().list()).sorted().collect(Collectors.toList());
  }
}
