package io.tagloom.pipeline.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tagloom.conf.SettingsException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.io.IOUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a build of small files is packed into. */
class ArchiveTest {
  @TempDir Path temp;

  private Path home;

  @BeforeEach
  void layOutABuild() throws IOException {
    home = temp.resolve("my sources");
    for (String file :
        new String[] {
          "pom.xml",
          "conf/reference.conf",
          "conf/jdk9.options",
          "conf/log4j2.properties",
          "conf/pom.xml",
          "conf/examples/demo.conf",
          "pipeline/README.md",
          "pipeline/bin/tagloom",
          "pipeline/airflow/dags/tagloom_nightly.py",
          "pipeline/deploy/Dockerfile",
          "pipeline/deploy/README.md",
          "pipeline/target/tagloom.jar",
          "pipeline/target/spark-runtime/spark-core.jar"
        }) {
      write(file, "words of " + file);
    }
  }

  @Test
  void itHoldsWhatRunsSortedAndOfNobody() throws IOException {
    Path file = temp.resolve("t.tar.gz");

    long bytes = Archive.ofSources(home).write("tagloom-1", file);

    assertThat(bytes).isEqualTo(Files.size(file));
    assertThat(entries(file))
        .containsExactly(
            "tagloom-1/ 755",
            "tagloom-1/bin/ 755",
            "tagloom-1/conf/ 755",
            "tagloom-1/conf/examples/ 755",
            "tagloom-1/dags/ 755",
            "tagloom-1/deploy/ 755",
            "tagloom-1/lib/ 755",
            "tagloom-1/OPERATION.md 644 words of pipeline/README.md",
            "tagloom-1/README.md 644 words of pipeline/deploy/README.md",
            "tagloom-1/bin/tagloom 755 words of pipeline/bin/tagloom",
            "tagloom-1/conf/examples/demo.conf 644 words of conf/examples/demo.conf",
            "tagloom-1/conf/jdk9.options 644 words of conf/jdk9.options",
            "tagloom-1/conf/log4j2.properties 644 words of conf/log4j2.properties",
            "tagloom-1/conf/reference.conf 644 words of conf/reference.conf",
            "tagloom-1/dags/tagloom_nightly.py 644 words of"
                + " pipeline/airflow/dags/tagloom_nightly.py",
            "tagloom-1/deploy/Dockerfile 644 words of pipeline/deploy/Dockerfile",
            "tagloom-1/lib/tagloom.jar 644 words of pipeline/target/tagloom.jar");
  }

  @Test
  void sparkIsPackedWhenAskedFor() throws IOException {
    Archive archive = Archive.ofSources(home);
    archive.addSpark();
    archive.write("tagloom-1", temp.resolve("t.tar.gz"));

    assertThat(entries(temp.resolve("t.tar.gz")))
        .contains(
            "tagloom-1/lib/spark/ 755",
            "tagloom-1/lib/spark/spark-core.jar 644 words of"
                + " pipeline/target/spark-runtime/spark-core.jar");
  }

  @Test
  void oneBuildGivesTheSameBytesAgain() throws IOException {
    Path first = temp.resolve("first.tar.gz");
    Path second = temp.resolve("second.tar.gz");

    Archive.ofSources(home).write("tagloom-1", first);
    Files.setLastModifiedTime(home.resolve("pipeline/bin/tagloom"), FileTime.fromMillis(7));
    assertThat(home.resolve("conf/reference.conf").toFile().setReadOnly()).isTrue();
    Archive.ofSources(home).write("tagloom-1", second);

    assertThat(second).hasSameBinaryContentAs(first);
    write("conf/reference.conf.conf", "");
    Archive.ofSources(home).write("tagloom-1", second);
    assertThat(Files.readAllBytes(second)).isNotEqualTo(Files.readAllBytes(first));
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    Files.delete(home.resolve("pipeline/target/tagloom.jar"));

    assertThatThrownBy(() -> Archive.ofSources(home))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "Cannot package: "
                + home
                + "/pipeline/target/tagloom.jar is missing. Build all of it with mvn package.");
  }

  @Test
  void anUnpackedArchiveIsNotPackedAgain() throws IOException {
    Files.delete(home.resolve("pom.xml"));

    assertThatThrownBy(() -> Archive.ofSources(home))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("holds no sources but was unpacked itself. Copy the archive");
  }

  @Test
  void whatCannotBeWrittenLeavesNothing() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("out/t.tar.gz/full")).getParent();

    assertThatThrownBy(() -> Archive.ofSources(home).write("tagloom-1", folder))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("Cannot write the archive " + folder + ": ")
        .hasMessageEndingWith(". Name another with --output FILE.");
    assertThat(folder.getParent()).isDirectoryContaining(folder::equals);
    assertThat(folder.getParent().toFile().list()).hasSize(1);
  }

  @Test
  void fromElsewhereThanTheLauncherItSaysHowToStart() {
    Terminals words = Terminals.run("package");

    assertThat(words.exitCode()).isEqualTo(2);
    assertThat(words.err())
        .isEqualTo(
            "Cannot package: the folder of the sources is not known. Start with"
                + " pipeline/bin/tagloom package.\n");
  }

  private void write(String file, String text) throws IOException {
    Path path = home.resolve(file);
    Files.createDirectories(path.getParent());
    Files.write(path, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Name, mode and words of every entry; times and owners are looked at on the way. */
  private static List<String> entries(Path file) throws IOException {
    List<String> entries = new ArrayList<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
        TarArchiveInputStream tar = new TarArchiveInputStream(new GzipCompressorInputStream(in))) {
      for (TarArchiveEntry e = tar.getNextTarEntry(); e != null; e = tar.getNextTarEntry()) {
        assertThat(e.getModTime().toInstant()).hasToString("2026-01-01T00:00:00Z");
        assertThat(e.getLongUserId() + e.getUserName() + e.getLongGroupId() + e.getGroupName())
            .isEqualTo("0root0root");
        String words = e.isDirectory() ? "" : " " + IOUtils.toString(tar, StandardCharsets.UTF_8);
        entries.add(e.getName() + " " + Integer.toOctalString(e.getMode() & 0777) + words);
      }
    }
    return entries;
  }
}
