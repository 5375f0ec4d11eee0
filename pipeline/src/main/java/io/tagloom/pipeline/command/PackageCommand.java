package io.tagloom.pipeline.command;

import io.tagloom.conf.SettingsException;
import io.tagloom.pipeline.command.Invocation.Root;
import io.tagloom.pipeline.console.Report;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Everything that runs a night, in one file. */
@Command(
    name = "package",
    description = {
      "Write one archive that runs without sources and Maven: launcher, job jar, settings, DAG.",
      "Unpacked in any folder it is started by bin/tagloom. One build gives the same bytes again."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Tagloom.Version.class,
    footer = {
      "",
      "Examples:",
      "  tagloom package",
      "  tagloom package --with-spark --output /tmp/tagloom.tar.gz"
    })
final class PackageCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "The archive; a file that is there is replaced (default: tagloom-VERSION.tar.gz).")
  private Path output;

  @Option(
      names = "--with-spark",
      description =
          "Pack Spark's jars, too, so that local and spark:// masters need no SPARK_HOME there.")
  private boolean withSpark;

  @Override
  public Integer call() {
    return new Invocation("package", options, Root.UNUSED).run(run -> pack());
  }

  private Report pack() {
    String home = System.getProperty("tagloom.home", "");
    if (home.isEmpty()) {
      throw new SettingsException(
          "Cannot package: the folder of the sources is not known. Start with"
              + " pipeline/bin/tagloom package.");
    }
    String version = Tagloom.class.getPackage().getImplementationVersion();
    String name = "tagloom-" + (version == null ? "unversioned" : version);
    Archive archive = Archive.ofSources(Paths.get(home));
    if (withSpark) {
      archive.addSpark();
    }
    Path file = (output == null ? Paths.get(name + ".tar.gz") : output).toAbsolutePath();
    long bytes = archive.write(name, file.normalize());
    String size = String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    return new Report()
        .put("archive", file.normalize().toString())
        .put("bytes", bytes)
        .put("files", archive.files())
        .line(file.normalize() + ": " + archive.files() + " files, " + size + ", below " + name);
  }
}
