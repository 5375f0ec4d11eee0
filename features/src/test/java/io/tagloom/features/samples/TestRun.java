package io.tagloom.features.samples;

import io.tagloom.conf.Settings;
import io.tagloom.features.LocalSpark;
import io.tagloom.features.samples.SampleJob.Later;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Runs of the sample job over test logs in a folder of their own. */
final class TestRun {
  /** Every key is busy. */
  static final long ALL_BUSY = 1;

  /** No key is busy. */
  static final long NONE_BUSY = Long.MAX_VALUE;

  private final Path folder;
  private final Map<String, String> overrides = new LinkedHashMap<>();

  TestRun(String... assignments) {
    try {
      this.folder = Files.createTempDirectory("tagloom-samples");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    overrides.put("run.root", folder + "/root");
    for (String table : new String[] {"impressions", "clicks", "conversions"}) {
      overrides.put("input." + table + ".path", folder + "/logs/" + table);
    }
    overrides.put("samples.max-rejected-share", "1");
    overrides.put("samples.max-orphan-share", "1");
    overrides.put("samples.max-shared-id-share", "1");
    overrides.putAll(Settings.overrides(Arrays.asList(assignments)));
  }

  /** Another store over the same logs. */
  TestRun with(String... assignments) {
    TestRun run = new TestRun();
    String root = run.overrides.get("run.root");
    run.overrides.putAll(overrides);
    run.overrides.put("run.root", root);
    run.overrides.putAll(Settings.overrides(Arrays.asList(assignments)));
    return run;
  }

  /** The same logs and a copy of what has been built so far, in a folder of its own. */
  TestRun copy() {
    TestRun copy = with();
    Path from = folder.resolve("root");
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, copy.folder.resolve("root").resolve(from.relativize(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return copy;
  }

  /** The settings as arguments {@code key=value}. */
  List<String> assignments() {
    List<String> assignments = new ArrayList<>();
    overrides.forEach((key, value) -> assignments.add(key + "=" + value));
    return assignments;
  }

  TestRun write(TestLog log, int files) {
    log.write(LocalSpark.session(), folder + "/logs", files);
    return this;
  }

  Path folder() {
    return folder;
  }

  String root() {
    return overrides.get("run.root");
  }

  Settings settings() {
    return Settings.reference(overrides);
  }

  JoinHealth run(LocalDate asOf) {
    return run(asOf, NONE_BUSY);
  }

  JoinHealth run(LocalDate asOf, long busyRows) {
    return SampleJob.run(LocalSpark.session(), settings(), asOf, Later.KEPT, busyRows);
  }

  SampleJob job(LocalDate asOf, long busyRows) {
    return new SampleJob(LocalSpark.session(), settings(), asOf, busyRows);
  }

  JoinHealth run(SparkSession session, LocalDate asOf) {
    return SampleJob.run(session, settings(), asOf, Later.KEPT, NONE_BUSY);
  }

  SampleStore store() {
    return SampleStore.at(LocalSpark.session(), root());
  }

  /** The samples up to a date, by impression id, as {@code column=value} texts. */
  SortedMap<String, String> samples(LocalDate asOf, String... without) {
    SortedMap<String, String> samples = new TreeMap<>();
    for (Row row : rows(asOf)) {
      Map<String, Object> sample = new LinkedHashMap<>();
      for (String name : row.schema().fieldNames()) {
        if (!Arrays.asList(without).contains(name)) {
          sample.put(name, row.getAs(name));
        }
      }
      String before = samples.put(row.getAs("impression_id"), BruteForceJoin.text(sample));
      if (before != null) {
        throw new AssertionError("Two samples of one impression: " + before);
      }
    }
    return samples;
  }

  List<Row> rows(LocalDate asOf) {
    Dataset<Row> samples = store().read(LocalDate.of(1990, 1, 1), asOf);
    return new ArrayList<>(samples.collectAsList());
  }

  /** Size and MD5 of every file below a folder of the root, by path; marks left out. */
  SortedMap<String, String> bytes(String table) {
    SortedMap<String, String> contents = new TreeMap<>();
    Path root = folder.resolve("root").resolve(table);
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        String name = file.getFileName().toString();
        if (!name.startsWith(".") && !name.startsWith("_")) {
          // The names of part files hold a random id of the job.
          String part = name.replaceAll("-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "");
          byte[] bytes = Files.readAllBytes(file);
          String path = root.relativize(file.getParent()) + "/" + part;
          String content = bytes.length + " bytes " + UUID.nameUUIDFromBytes(bytes);
          if (contents.put(path, content) != null) {
            throw new AssertionError("Two files are called " + path);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return contents;
  }
}
