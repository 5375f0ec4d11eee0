package io.tagloom.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.export.ann.Neighbour;
import io.tagloom.export.tables.RankedTag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped Python examples against tables of this run, where Python has what they need. */
class LoaderExamplesIT {
  private static final String PYTHON = "python3";

  @TempDir static Path root;
  private static Publications publications;
  private static String version;

  @BeforeAll
  static void export() throws IOException {
    ExportFixture fixture = new ExportFixture(root);
    fixture.export(TestSource.of(20, 9), "export.ann.files=[npy]");
    publications = fixture.publications();
    version = root.resolve("tables").resolve(publications.latest().version()).toString();
  }

  @Test
  void numpyFindsTheSimilarTags() throws Exception {
    need("numpy");
    List<String> lines = run("numpy_search.py", version, "tags", "ctr", "tag017", "5");
    List<Neighbour> similar = publications.similar("ctr", "tag017", 5);
    assertThat(lines).hasSize(5);
    for (int i = 0; i < 5; i++) {
      String[] line = lines.get(i).split("\t");
      assertThat(line[0]).isEqualTo(similar.get(i).name());
      assertThat(Float.parseFloat(line[1])).isCloseTo(similar.get(i).score(), within(1e-5f));
    }
  }

  @Test
  void faissFindsTheTagsOfTheProfile() throws Exception {
    need("faiss", "numpy", "pyarrow");
    List<String> lines = run("faiss_search.py", version, "tag", "cvr", "user00003", "10");
    List<RankedTag> intentions = publications.profile("user00003").intentions();
    assertThat(lines).hasSize(10);
    for (int i = 0; i < 10; i++) {
      String[] line = lines.get(i).split("\t");
      assertThat(line[0]).isEqualTo(intentions.get(i).tag());
      assertThat(Float.parseFloat(line[1])).isCloseTo(intentions.get(i).score(), within(1e-5f));
    }
  }

  @Test
  void elasticsearchGetsTwoLinesAnItem() throws Exception {
    need("pyarrow");
    List<String> lines = run("elasticsearch_bulk.py", version, "ctr", "items");
    assertThat(lines).hasSize(18);
    assertThat(lines.get(0)).startsWith("{\"index\": {\"_index\": \"items\", \"_id\": \"item0000");
    assertThat(lines.get(1)).contains("\"vector\": [");
  }

  @Test
  void everyExampleIsValidPython() throws Exception {
    need("ast");
    for (String example :
        Arrays.asList(
            "numpy_search.py",
            "faiss_search.py",
            "elasticsearch_bulk.py",
            "milvus_load.py",
            "redis_load.py")) {
      String check = "import ast, sys; ast.parse(open(sys.argv[1]).read())";
      assertThat(exit(PYTHON, "-c", check, folder().resolve(example).toString())).isZero();
    }
  }

  private static void need(String... modules) throws Exception {
    boolean there;
    try {
      there = exit(PYTHON, "-c", "import " + String.join(", ", modules)) == 0;
    } catch (IOException e) {
      there = false;
    }
    if (!there) {
      System.err.println("SKIPPED: an example in Python. It needs " + Arrays.toString(modules));
    }
    Assumptions.assumeTrue(there, "Python does not have " + Arrays.toString(modules));
  }

  private static List<String> run(String example, String... arguments) throws Exception {
    Path out = Files.createTempFile(root, "example", ".out");
    List<String> command = new ArrayList<>(Arrays.asList(PYTHON, folder().resolve(example) + ""));
    command.addAll(Arrays.asList(arguments));
    assertThat(exit(out, command)).isZero();
    return Files.readAllLines(out, StandardCharsets.UTF_8);
  }

  private static int exit(String... command) throws Exception {
    return exit(Files.createTempFile(root, "python", ".out"), Arrays.asList(command));
  }

  private static int exit(Path out, List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  /** Tests run in the folder of the module. */
  private static Path folder() {
    return Paths.get("examples").toAbsolutePath();
  }
}
