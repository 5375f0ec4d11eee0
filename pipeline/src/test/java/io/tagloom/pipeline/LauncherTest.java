package io.tagloom.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.IOUtils;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher in a folder with a space, with JDKs that only print how they were started. */
class LauncherTest {
  @TempDir Path temp;

  private Path home;
  private Path launcher;

  @BeforeEach
  void layOutSources() throws IOException {
    home = temp.resolve("my project");
    launcher = home.resolve("pipeline/bin/tagloom");
    Path machine = temp.resolve("jvm");
    write(
        home.resolve("conf/jdk9.options"), "# words\n--add-opens=java.base/java.nio=ALL-UNNAMED\n");
    write(home.resolve("pipeline/target/tagloom.jar"), "");
    Files.createDirectories(home.resolve("pipeline/target/spark-runtime"));
    String text =
        new String(Files.readAllBytes(Paths.get("bin/tagloom")), StandardCharsets.UTF_8)
            // What is on this machine does not count.
            .replace("/usr/lib/jvm", machine.toString())
            .replace("/Library/Java", machine.toString())
            .replace("/sys/kernel/mm", temp.resolve("mm").toString())
            .replace("/proc/cpuinfo", temp.resolve("cpuinfo").toString());
    script(launcher, text);
    cpu("GenuineIntel", "avx2 avx512f");
  }

  @Test
  void jdk17GetsWhatSparkOpensAndExecutorsGetItFromSpark() throws Exception {
    Words words = run(jdk(temp.resolve("jdk 17"), "17.0.9"), launcher, "nightly", "--json");

    assertThat(words.exitCode).as(words.err).isZero();
    assertThat(words.lines())
        .contains("-Xmx4g", "@" + home.toRealPath() + "/conf/jdk9.options", "nightly", "--json")
        .contains("-Dspark.executor.extraJavaOptions=-Duser.timezone=UTC -Dfile.encoding=UTF-8 ")
        .contains("-Dtagloom.home=" + home.toRealPath())
        .contains(
            home.toRealPath()
                + "/pipeline/target/tagloom.jar:"
                + home.toRealPath()
                + "/pipeline/target/spark-runtime/*");
  }

  @Test
  void whatIsOpenedIsWhatSparkItselfOpens() throws Exception {
    List<String> own = new ArrayList<>(Files.readAllLines(Paths.get("../conf/jdk9.options")));
    own.removeIf(line -> line.startsWith("#"));

    assertThat(own)
        .containsExactlyInAnyOrder(
            Arrays.stream(JavaModuleOptions.defaultModuleOptions().split(" "))
                .filter(option -> option.startsWith("--add-opens"))
                .toArray(String[]::new));
  }

  @Test
  void hugePagesAreAskedForWhereTheKernelGivesThem() throws Exception {
    Path enabled = temp.resolve("mm/transparent_hugepage/enabled");
    Path jdk = jdk(temp.resolve("jdk 17"), "17.0.9");
    String option = "-XX:+UseTransparentHugePages";

    write(enabled, "always [madvise] never\n");
    Words some = run(jdk, launcher, "nightly");
    write(enabled, "always madvise [never]\n");
    Words none = run(jdk, launcher, "nightly");

    assertThat(some.exitCode).as(some.err).isZero();
    assertThat(some.lines())
        .contains(option)
        .anyMatch(line -> line.contains("extraJavaOptions=") && line.contains(option));
    assertThat(none.out).doesNotContain(option);
  }

  @Test
  void benchmarksAloneHaveTheirPeerOnTheClassPath() throws Exception {
    Path jdk = jdk(temp.resolve("jdk"), "17.0.9");
    String peer = home.toRealPath() + "/pipeline/target/benchmark-peer/*";

    assertThat(run(jdk, launcher, "bench", "samples").lines())
        .anyMatch(line -> line.endsWith("/spark-runtime/*:" + peer));
    assertThat(run(jdk, launcher, "nightly").out).doesNotContain(peer);
  }

  @Test
  void jdk8GetsNoOptionOfLaterOnes() throws Exception {
    Words words = run(jdk(temp.resolve("jdk8"), "1.8.0_392"), launcher, "check");

    assertThat(words.exitCode).as(words.err).isZero();
    assertThat(words.out).doesNotContain("jdk9.options");
  }

  @ParameterizedTest
  @CsvSource({"21, 21.0.5", "25, 25.0.1"})
  void otherJdksAreRefusedByName(String major, String version) throws Exception {
    Words words = run(jdk(temp.resolve("jdk"), version), launcher, "check");

    assertThat(words.exitCode).isEqualTo(2);
    assertThat(words.err)
        .contains("Cannot start: Spark 3.5 runs on JDK 8, 11 and 17, and found were only: Java ")
        .contains(" Java " + major + " in " + temp.resolve("jdk"))
        .contains("set JAVA_HOME to it.");
  }

  @Test
  void aUsableJdkOfTheMachineIsTakenInsteadAndThatIsSaid() throws Exception {
    jdk(temp.resolve("jvm/jdk-11"), "11.0.21");

    Words words = run(jdk(temp.resolve("jdk25"), "25.0.1"), launcher, "check");

    assertThat(words.exitCode).as(words.err).isZero();
    assertThat(words.err)
        .contains("is not a usable JDK 8, 11 or 17 for Spark 3.5; taking JDK 11 in ");
  }

  @Test
  void withoutAnyJdkItSaysWhatToInstall() throws Exception {
    Words words = run(temp.resolve("nowhere"), launcher, "check");

    assertThat(words.exitCode).isEqualTo(2);
    assertThat(words.err)
        .contains("Cannot start: no JDK in JAVA_HOME, on the PATH or in ", "Install JDK");
  }

  @Test
  void withoutMavenItSaysWhatToInstall() throws Exception {
    write(home.resolve("pom.xml"), "<project/>");

    Words words = run(jdk(temp.resolve("jdk"), "17.0.9"), launcher, "check");

    assertThat(words.exitCode).isEqualTo(1);
    assertThat(words.err)
        .contains("Cannot build: Maven (mvn) is not on the PATH. Install Maven 3.6.3");
  }

  @Test
  void aBuildIsRunOnceAndAgainOnlyWhenSourcesChange() throws Exception {
    write(home.resolve("pom.xml"), "<project/>");
    Path source = home.resolve("conf/src/main/java/A.java");
    write(source, "class A {}");
    maven("echo built >>'" + temp.resolve("builds") + "'\ntouch pipeline/target/tagloom.built\n");
    Path jdk = jdk(temp.resolve("jdk"), "17.0.9");

    Words first = run(jdk, launcher, "check");
    Words second = run(jdk, launcher, "check");
    later(source, 5);
    Words third = run(jdk, launcher, "check");

    assertThat(first.err).contains("built in");
    assertThat(second.err).isEmpty();
    assertThat(third.err).contains("sources have changed, building ...");
    assertThat(Files.readAllLines(temp.resolve("builds"))).hasSize(2);
  }

  @Test
  void aBuildByMavenAloneIsRecognised() throws Exception {
    write(home.resolve("pom.xml"), "<project/>");
    Path source = home.resolve("conf/src/main/java/A.java");
    write(source, "class A {}");
    maven("exit 1\n");
    Path jdk = jdk(temp.resolve("jdk"), "17.0.9");

    // As pipeline/pom.xml writes it: the time at which the build began.
    Path stamp = home.resolve("pipeline/target/tagloom.built");
    write(stamp, "");
    later(stamp, 10);
    // Tests that came after the build leave this.
    write(home.resolve("conf/.jqwik-database"), "");
    later(home.resolve("conf/.jqwik-database"), 15);
    Words built = run(jdk, launcher, "check");
    later(source, 20);
    Words changedWhileMavenRan = run(jdk, launcher, "check");

    assertThat(built.exitCode).as(built.err).isZero();
    assertThat(built.err).isEmpty();
    assertThat(changedWhileMavenRan.err).contains("sources have changed, building ...");
  }

  @Test
  void anArchiveRunsWithoutSourcesAndMaven() throws Exception {
    Path archive = archive(temp.resolve("opt/täg loom 1.0"));
    Files.createDirectories(archive.resolve("lib/spark"));

    Words words = run(jdk(temp.resolve("jdk"), "17.0.9"), archive.resolve("bin/tagloom"), "check");

    assertThat(words.exitCode).as(words.err).isZero();
    assertThat(words.lines())
        .contains(
            "@" + archive + "/conf/jdk9.options",
            "-Dtagloom.jar=" + archive + "/lib/tagloom.jar",
            archive + "/lib/tagloom.jar:" + archive + "/lib/spark/*");
    assertThat(words.err).isEmpty();
  }

  @Test
  void anArchiveWithoutSparkTakesThatOfSparkHomeOrSaysSo() throws Exception {
    Path archive = archive(temp.resolve("opt/tagloom"));
    Path jdk = jdk(temp.resolve("jdk"), "17.0.9");
    Path spark = spark("spark-core_2.13-4.0.1.jar");

    Words none = run(jdk, archive.resolve("bin/tagloom"), "check");
    Words here = run(jdk, "SPARK_HOME=" + spark, archive.resolve("bin/tagloom"), "check");
    Files.delete(spark.resolve("jars/spark-core_2.13-4.0.1.jar"));
    Words old = run(jdk, "SPARK_HOME=" + spark, archive.resolve("bin/tagloom"), "check");

    assertThat(none.exitCode).isEqualTo(2);
    assertThat(none.err)
        .isEqualTo(
            "tagloom: Cannot start: this archive holds no Spark, and SPARK_HOME is not set. Set"
                + " SPARK_HOME to a Spark 3.5 or Spark 4 distribution, or pack one that does with"
                + " tagloom package --with-spark.\n");
    assertThat(here.exitCode).as(here.err).isZero();
    assertThat(here.lines()).contains(archive + "/lib/tagloom.jar:" + spark + "/jars/*");
    assertThat(old.exitCode).isEqualTo(2);
    assertThat(old.err)
        .contains("Cannot start on the Spark of SPARK_HOME: SPARK_HOME (" + spark)
        .contains("does not tell its version");
  }

  @Test
  void aFolderWithAColonIsRefused() throws Exception {
    Path archive = archive(temp.resolve("opt/12:30"));

    Words words = run(jdk(temp.resolve("jdk"), "17.0.9"), archive.resolve("bin/tagloom"), "check");

    assertThat(words.exitCode).isEqualTo(2);
    assertThat(words.err)
        .isEqualTo(
            "tagloom: Cannot start in "
                + archive
                + ": no class path can name a folder with a colon. Move tagloom to another"
                + " folder.\n");
  }

  @ParameterizedTest
  @CsvSource({"LC_ALL=C", "LC_ALL=POSIX", "LANG=", "LANG=xx_YY.UTF-8", "LC_CTYPE=C"})
  void whereTheLocaleIsNotOfUtf8OneThatIsIsTaken(String locale) throws Exception {
    Words words = run(jdk(temp.resolve("jdk"), "17.0.9"), locale, launcher, "check");

    assertThat(words.exitCode).as(words.err).isZero();
    assertThat(words.out).containsPattern("LC_ALL=(C|en_US).UTF-8\n");
    assertThat(words.lines()).contains("-Dfile.encoding=UTF-8");
    assertThat(words.err).doesNotContain("warning");
  }

  @Test
  void aLocaleOfUtf8IsLeftAlone() throws Exception {
    Words words =
        run(jdk(temp.resolve("jdk"), "17.0.9"), "LANG=C.UTF-8", launcher, "check", "--conf", "é");

    assertThat(words.lines()).contains("LC_ALL=", "é");
  }

  @Test
  void aFailedBuildShowsMavensWords() throws Exception {
    write(home.resolve("pom.xml"), "<project/>");
    maven("echo '[ERROR] no such thing'\nexit 3\n");

    Words words = run(jdk(temp.resolve("jdk"), "17.0.9"), launcher, "check");

    assertThat(words.exitCode).isEqualTo(1);
    assertThat(words.err)
        .contains("[ERROR] no such thing", "Cannot build: Maven ended with code 3.");
    assertThat(home.resolve("pipeline/target/tagloom.building")).doesNotExist();
  }

  @Test
  void throughSymbolicLinksItFindsItsOwnFolder() throws Exception {
    Path link = Files.createDirectories(temp.resolve("some where")).resolve("tl");
    Files.createSymbolicLink(link, launcher);

    Words words = run(jdk(temp.resolve("jdk"), "17.0.9"), link, "check");

    assertThat(words.exitCode).as(words.err).isZero();
    assertThat(words.out).contains("/my project/pipeline/target/tagloom.jar");
  }

  @Test
  void onAmdMklIsToldTheInstructionSetForDriverAndExecutors() throws Exception {
    cpu("AuthenticAMD", "avx2 avx512f");
    Path jdk = jdk(temp.resolve("jdk"), "17.0.9");

    assertThat(run(jdk, launcher, "check").lines())
        .contains("-Dspark.executorEnv.MKL_DEBUG_CPU_TYPE=7", "MKL_DEBUG_CPU_TYPE=7");
    cpu("AuthenticAMD", "avx2 sse");
    assertThat(run(jdk, launcher, "check").lines())
        .contains("-Dspark.executorEnv.MKL_DEBUG_CPU_TYPE=5", "MKL_DEBUG_CPU_TYPE=5");
    cpu("AuthenticAMD", "sse");
    assertThat(run(jdk, launcher, "check").out).contains("MKL_DEBUG_CPU_TYPE=\n");
    cpu("GenuineIntel", "avx2 avx512f");
    assertThat(run(jdk, launcher, "check").out).contains("MKL_DEBUG_CPU_TYPE=\n");
  }

  @Test
  void anInstructionSetOfTheUserWinsButTheOneThatHangsIsRefused() throws Exception {
    cpu("AuthenticAMD", "avx2 avx512f");
    Path jdk = jdk(temp.resolve("jdk"), "17.0.9");

    assertThat(run(jdk, "MKL_DEBUG_CPU_TYPE=5", launcher, "check").lines())
        .contains("-Dspark.executorEnv.MKL_DEBUG_CPU_TYPE=5", "MKL_DEBUG_CPU_TYPE=5");
    Words four = run(jdk, "MKL_DEBUG_CPU_TYPE=4", launcher, "check");
    assertThat(four.exitCode).isEqualTo(2);
    assertThat(four.err)
        .contains("Invalid MKL_DEBUG_CPU_TYPE: 4; expected 5 (AVX2) or 7 (AVX-512)");
  }

  @Test
  void withoutAnInstructionSetMklIsToldToRepeatItsSums() throws Exception {
    Path jdk = jdk(temp.resolve("jdk"), "17.0.9");

    cpu("AuthenticAMD", "avx2 avx512f");
    assertThat(run(jdk, launcher, "check").out)
        .contains("MKL_CBWR=\n")
        .doesNotContain("spark.executorEnv.MKL_CBWR");
    cpu("AuthenticAMD", "sse");
    assertThat(run(jdk, launcher, "check").lines())
        .contains("MKL_CBWR=COMPATIBLE", "-Dspark.executorEnv.MKL_CBWR=COMPATIBLE");
    cpu("GenuineIntel", "avx2");
    assertThat(run(jdk, launcher, "check").lines())
        .contains("MKL_CBWR=AUTO", "-Dspark.executorEnv.MKL_CBWR=AUTO");
    assertThat(run(jdk, "MKL_CBWR=AVX2", launcher, "check").lines()).contains("MKL_CBWR=AVX2");
  }

  @Test
  void memoryComesFromTheCommandLineElseFromTheFile() throws Exception {
    Path jdk = jdk(temp.resolve("jdk"), "17.0.9");
    Path conf = temp.resolve("my settings.conf");
    write(conf, "spark {\n  # driver-memory = \"9g\"\n  driver-memory = \"3g\"\n}\n");

    assertThat(run(jdk, launcher, "check", "--conf", conf.toString()).lines()).contains("-Xmx3g");
    assertThat(
            run(jdk, launcher, "check", "--conf=" + conf, "--set", "spark.driver-memory=2g")
                .lines())
        .contains("-Xmx2g");
    assertThat(run(jdk, launcher, "check", "--set=spark.driver-memory=1g").lines())
        .contains("-Xmx1g");
  }

  @Test
  void optionsOfTheUserComeLast() throws Exception {
    Words words =
        run(
            jdk(temp.resolve("jdk"), "17.0.9"),
            "TAGLOOM_JAVA_OPTS=-Xmx7g -XX:+UseSerialGC",
            launcher,
            "check");

    assertThat(words.lines())
        .contains("-Xmx7g", "-XX:+UseSerialGC")
        .doesNotContain("-XX:+UseParallelGC");
    assertThat(words.out.indexOf("-Xmx7g")).isGreaterThan(words.out.indexOf("-Xmx4g"));
  }

  @Test
  void aMasterIsHandedToSparkSubmit() throws Exception {
    Path spark = spark("spark-core_2.12-3.5.9.jar");

    Words words = submitted(spark, "17.0.9");

    assertThat(words.exitCode).as(words.err).isZero();
    assertThat(words.lines())
        .contains("--master", "yarn", "io.tagloom.pipeline.Main", "train")
        .contains("spark.executor.extraJavaOptions=-Duser.timezone=UTC -Dfile.encoding=UTF-8 ")
        .contains(home.toRealPath() + "/pipeline/target/tagloom.jar");
    // spark-submit and Spark open what they need by themselves.
    assertThat(words.out).doesNotContain("add-opens").doesNotContain("jdk9.options");
    assertThat(words.err).contains("handing over to " + spark + "/bin/spark-submit, master yarn");
  }

  @ParameterizedTest
  @CsvSource({
    "spark-core_2.12-3.5.9.jar, 1.8.0_392",
    "spark-core_2.13-3.5.1.jar, 11.0.21",
    "spark-core_2.12-3.5.1-amzn-0.jar, 17.0.9",
    "spark-core_2.13-4.0.1.jar, 17.0.9",
    "spark-core_2.13-4.2.0.jar, 21.0.5"
  })
  void spark35And4AreHandedToWithTheirJdks(String core, String jdk) throws Exception {
    assertThat(submitted(spark(core), jdk).exitCode).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "spark-core_2.11-2.4.8.jar, 2.4.8 for Scala 2.11",
    "spark-core_2.12-3.3.2.jar, 3.3.2 for Scala 2.12",
    "spark-core_2.13-5.0.0.jar, 5.0.0 for Scala 2.13"
  })
  void otherSparksAreRefusedByVersionAndPlace(String core, String found) throws Exception {
    Path spark = spark(core);

    Words words = submitted(spark, "17.0.9");

    assertThat(words.exitCode).isEqualTo(2);
    assertThat(words.out).isEmpty();
    assertThat(words.err)
        .isEqualTo(
            "tagloom: Cannot hand over to yarn: SPARK_HOME ("
                + spark
                + ") is Spark "
                + found
                + ", and tagloom needs Spark 3.5 or 4. Set SPARK_HOME to a Spark 3.5 or Spark 4"
                + " distribution.\n");
  }

  @Test
  void whereTheJarDoesNotTellSparksVersionReleaseDoes() throws Exception {
    Path spark = spark("other.jar");

    Words nothing = submitted(spark, "17.0.9");
    write(spark.resolve("RELEASE"), "Spark 3.4.1 (git revision 6b1ff22dde1) built for Hadoop 3\n");
    Words old = submitted(spark, "17.0.9");
    write(spark.resolve("RELEASE"), "Spark 4.0.0 built for Hadoop 3.4.1\nBuild flags: -Pyarn\n");
    Words four = submitted(spark, "17.0.9");

    assertThat(nothing.exitCode).isEqualTo(2);
    assertThat(nothing.err)
        .contains("does not tell its version, by neither jars/spark-core_*.jar nor RELEASE. Set ");
    assertThat(old.exitCode).isEqualTo(2);
    assertThat(old.err).contains(" is Spark 3.4.1, and tagloom needs Spark 3.5 or 4.");
    assertThat(four.exitCode).as(four.err).isZero();
  }

  @ParameterizedTest
  @CsvSource({"8, 1.8.0_392", "11, 11.0.21", "25, 25.0.1"})
  void spark4IsNotStartedOnJdksThatItDoesNotRunOn(String major, String version) throws Exception {
    Words words = submitted(spark("spark-core_2.13-4.0.1.jar"), version);

    assertThat(words.exitCode).isEqualTo(2);
    assertThat(words.out).isEmpty();
    assertThat(words.err)
        .contains("Cannot start: Spark 4.0.1 runs on JDK 17 and 21, and found were only: Java ")
        .contains(" Java " + major + " in ");
  }

  @Test
  void spark35IsNotStartedOnJdk21() throws Exception {
    Words words = submitted(spark("spark-core_2.12-3.5.9.jar"), "21.0.5");

    assertThat(words.exitCode).isEqualTo(2);
    assertThat(words.err)
        .contains("Cannot start: Spark 3.5.9 runs on JDK 8, 11 and 17, and found were only: ");
  }

  @Test
  void aSparkHomeWithoutSparkSubmitIsRefused() throws Exception {
    Path empty = Files.createDirectories(temp.resolve("empty"));

    Words words = submitted(empty, "17.0.9");

    assertThat(words.exitCode).isEqualTo(2);
    assertThat(words.err)
        .contains("Cannot hand over to yarn: no bin/spark-submit in SPARK_HOME (" + empty + ").");
  }

  @Test
  void withoutSparkHomeAStandaloneMasterIsDrivenFromHereAndOthersAreRefused() throws Exception {
    Path jdk = jdk(temp.resolve("jdk"), "17.0.9");

    Words standalone = run(jdk, launcher, "train", "--master", "spark://host:7077");
    assertThat(standalone.lines()).contains("io.tagloom.pipeline.Main", "spark://host:7077");
    Words yarn = run(jdk, launcher, "train", "--master=yarn");
    assertThat(yarn.exitCode).isEqualTo(2);
    assertThat(yarn.err).contains("Invalid --master: yarn; expected local[N] or spark://HOST:PORT");
  }

  // ---- what the tests stand on

  private void maven(String script) throws IOException {
    script(temp.resolve("bin/mvn"), "#!/bin/sh\n" + script);
  }

  private static void later(Path file, int seconds) throws IOException {
    Files.setLastModifiedTime(
        file, FileTime.fromMillis(System.currentTimeMillis() + 1000L * seconds));
  }

  /** An unpacked archive around the launcher, without Spark. */
  private Path archive(Path folder) throws IOException {
    write(folder.resolve("lib/tagloom.jar"), "");
    write(folder.resolve("conf/jdk9.options"), "");
    script(
        folder.resolve("bin/tagloom"),
        new String(Files.readAllBytes(launcher), StandardCharsets.UTF_8));
    return folder.toRealPath();
  }

  /** A Spark whose spark-submit prints what it was given. */
  private Path spark(String core) throws IOException {
    Path spark = temp.resolve("spark home");
    script(spark.resolve("bin/spark-submit"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    write(spark.resolve("jars").resolve(core), "");
    return spark;
  }

  private Words submitted(Path spark, String jdk) throws Exception {
    Path java = jdk(temp.resolve("jdk " + jdk), jdk);
    return run(java, "SPARK_HOME=" + spark, launcher, "train", "--master", "yarn");
  }

  private void cpu(String vendor, String flags) throws IOException {
    write(temp.resolve("cpuinfo"), "vendor_id\t: " + vendor + "\nflags\t\t: fpu " + flags + "\n");
  }

  private static Path jdk(Path folder, String version) throws IOException {
    write(folder.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    script(
        folder.resolve("bin/java"),
        "#!/bin/sh\nprintf '%s\\n' \"$@\"\necho \"MKL_DEBUG_CPU_TYPE=$MKL_DEBUG_CPU_TYPE\"\n"
            + "echo \"MKL_CBWR=$MKL_CBWR\"\necho \"LC_ALL=$LC_ALL\"\n");
    script(folder.resolve("bin/javac"), "#!/bin/sh\n");
    return folder;
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void script(Path file, String text) throws IOException {
    write(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Words run(Path jdk, Path command, String... arguments) throws Exception {
    return run(jdk, "UNUSED=1", command, arguments);
  }

  private Words run(Path jdk, String variable, Path command, String... arguments) throws Exception {
    List<String> line = new ArrayList<>(Arrays.asList(command.toString()));
    line.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.directory(temp.toFile());
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", temp.resolve("bin") + ":" + tools());
    environment.put("JAVA_HOME", jdk.toString());
    String[] pair = variable.split("=", 2);
    environment.put(pair[0], pair[1]);
    Path err = temp.resolve("err.txt");
    builder.redirectError(err.toFile());
    Process process = builder.start();
    process.getOutputStream().close();
    String out;
    try (InputStream in = process.getInputStream()) {
      out = IOUtils.toString(in, StandardCharsets.UTF_8);
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String errText = new String(Files.readAllBytes(err), StandardCharsets.UTF_8);
    return new Words(process.exitValue(), out, errText);
  }

  /** The commands that the launcher uses, without the java and mvn of this machine. */
  private Path tools() throws IOException {
    Path tools = temp.resolve("tools");
    Files.createDirectories(tools);
    for (String tool :
        "bash sh dirname readlink uname sed head tail find cat mkdir rm mv touch grep tr sleep"
            .split(" ")) {
      Path link = tools.resolve(tool);
      for (String folder : System.getenv("PATH").split(":")) {
        Path file = Paths.get(folder, tool);
        if (!Files.exists(link) && Files.isExecutable(file)) {
          Files.createSymbolicLink(link, file);
        }
      }
    }
    return tools;
  }

  /** What the launcher printed. */
  private static final class Words {
    private final int exitCode;
    private final String out;
    private final String err;

    Words(int exitCode, String out, String err) {
      this.exitCode = exitCode;
      this.out = out;
      this.err = err;
    }

    List<String> lines() {
      return Arrays.asList(out.split("\n"));
    }
  }
}
