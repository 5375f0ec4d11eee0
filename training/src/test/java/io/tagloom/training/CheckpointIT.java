package io.tagloom.training;

import static io.tagloom.training.PlantedModel.blocks;
import static io.tagloom.training.PlantedModel.weights;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.conf.TrainingException;
import io.tagloom.features.FaultyDisk;
import io.tagloom.features.LocalSpark;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.trainer.EpochReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that are interrupted and go on. 2 epochs of 16 steps, a checkpoint every 5 steps. */
class CheckpointIT {
  private static final String EVERY_5 = "checkpoint { steps = 5, keep = 3";

  private static Configuration hadoop;

  @TempDir Path folder;
  private final Heard heard = new Heard();

  @BeforeAll
  static void useTheDisk() {
    hadoop = LocalSpark.session().sparkContext().hadoopConfiguration();
    FaultyDisk.use(hadoop);
  }

  @AfterAll
  static void clear() {
    FaultyDisk.leave(hadoop);
  }

  @BeforeEach
  void noFault() {
    FaultyDisk.mend();
  }

  private Mvke mvke(String training, int workers) {
    return PlantedModel.mvke(training)
        .setModel(PlantedModel.DROPPING)
        .setEpochs(2)
        .setWorkers(workers)
        .setListener(heard);
  }

  private Mvke kept(String training, int workers) {
    return mvke(training, workers).setCheckpoints(folder.toString());
  }

  /** Makes the disk full for checkpoints from a step on. */
  private static void fullFrom(int step) {
    FaultyDisk.fillUp(file -> stepOf(file) >= step);
  }

  /** The step of a checkpoint's file, or -1. */
  private static int stepOf(String file) {
    int at = file.indexOf("/.writing-");
    return at < 0 ? -1 : Integer.parseInt(file.substring(at + 10).split("-", 2)[0]);
  }

  private List<Path> checkpoints() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(path -> path.getFileName().toString().matches("step-\\d+"))
          .sorted()
          .collect(Collectors.toList());
    }
  }

  /** Trains until the disk is full at a step, then again with room. */
  private MvkeParameters interrupted(String training, int step, int before, int after) {
    fullFrom(step);
    assertThatThrownBy(
            () -> kept(training + EVERY_5 + ", on-failure = stop }", before).fit(blocks()))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("Cannot write the checkpoint of step " + step + " to ")
        .hasMessageContaining("No space left on device");
    FaultyDisk.mend();
    heard.epochs.clear();
    return weights(kept(training + EVERY_5 + " }", after));
  }

  private static void assertSame(MvkeParameters actual, MvkeParameters expected) {
    assertThat(actual.dense()).isEqualTo(expected.dense());
    for (int t = 0; t < expected.tables(); t++) {
      assertThat(actual.table(t)).isEqualTo(expected.table(t));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "adamw, 1, 15",
    "adamw, 1, 25",
    "adamw, 2, 25",
    "ftrl, 1, 15",
    "sgd, 2, 15",
    "adagrad, 1, 10"
  })
  void aResumedRunGivesTheUninterruptedRunsWeightsToTheBit(
      String optimizer, int workers, int failure) throws IOException {
    String training = "optimizer { name = " + optimizer + " }, ";
    MvkeParameters whole = weights(mvke(training, workers));
    List<EpochReport> wholeEpochs = new ArrayList<>(heard.epochs);

    MvkeParameters resumed = interrupted(training, failure, workers, workers);

    assertSame(resumed, whole);
    assertThat(heard.notices)
        .anyMatch(line -> line.startsWith("INFO Going on from checkpoint " + last(failure - 5)));
    for (EpochReport epoch : heard.epochs) {
      EpochReport expected = wholeEpochs.get(epoch.epoch() - 1);
      assertThat(epoch.samples()).isEqualTo(4000);
      assertThat(epoch.tasks().get(0).loss()).isEqualTo(expected.tasks().get(0).loss());
      assertThat(epoch.tasks().get(1).validAuc()).isEqualTo(expected.tasks().get(1).validAuc());
    }
    assertThat(checkpoints()).hasSize(3);
  }

  private String last(int step) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.findFirst().get() + String.format("/step-%012d", step);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "1, 2"})
  void anotherNumberOfWorkersGoesOnFromTheSameCheckpoint(int before, int after) {
    mvke("", after).fit(blocks());
    EpochReport whole = heard.epochs.get(1);

    interrupted("", 25, before, after);

    EpochReport resumed = heard.epochs.get(heard.epochs.size() - 1);
    assertThat(resumed.epoch()).isEqualTo(2);
    assertThat(resumed.tasks().get(0).validAuc())
        .isCloseTo(whole.tasks().get(0).validAuc(), within(0.02));
    assertThat(heard.notices)
        .anyMatch(line -> line.contains("It was written by " + before + " workers, now there are"));
  }

  @Test
  void aFullDiskCostsAWarningAndTheEarlierCheckpointsStay() throws IOException {
    MvkeParameters whole = weights(mvke("", 1));
    fullFrom(15);

    MvkeParameters trained = weights(kept(EVERY_5 + " }", 1));

    assertSame(trained, whole);
    assertThat(heard.notices)
        .filteredOn(line -> line.startsWith("WARNING Cannot write the checkpoint of step "))
        .hasSize(4)
        .allMatch(line -> line.contains("No space left on device. The newest one stays: "))
        .allMatch(line -> line.endsWith("step-000000000010. Training goes on."));
    assertThat(checkpoints())
        .extracting(path -> path.getFileName().toString())
        .containsExactly("step-000000000005", "step-000000000010");
    try (Stream<Path> left = Files.list(checkpoints().get(0).getParent())) {
      assertThat(left).hasSize(2);
    }
  }

  @ParameterizedTest
  @CsvSource({"shared.bin, flip", "rows-0.bin, cut", "rows-0.bin, delete", "checkpoint.json, flip"})
  void aDamagedCheckpointFallsBackToTheOneBeforeAndIsNamed(String file, String damage)
      throws IOException {
    MvkeParameters whole = weights(mvke("", 1));
    fullFrom(20);
    assertThatThrownBy(() -> kept(EVERY_5 + ", on-failure = stop }", 1).fit(blocks()))
        .isInstanceOf(TrainingException.class);
    FaultyDisk.mend();
    Path newest = checkpoints().get(2);
    damage(newest.resolve(file), damage);

    MvkeParameters resumed = weights(kept(EVERY_5 + " }", 1));

    assertSame(resumed, whole);
    assertThat(heard.notices)
        .anyMatch(line -> line.startsWith("WARNING Checkpoint " + newest + " is damaged: "))
        .anyMatch(line -> line.startsWith("INFO Going on from checkpoint " + last(10)));
  }

  private static void damage(Path file, String how) throws IOException {
    // Without the local file system's own checksums, so that ours are needed.
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
    byte[] bytes = Files.readAllBytes(file);
    if (how.equals("delete")) {
      Files.delete(file);
    } else if (how.equals("cut")) {
      Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    } else {
      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  void aLostTaskStartsAgainFromTheNewestCheckpointByItself(int workers) {
    MvkeParameters whole = weights(mvke("", workers));
    AtomicInteger left = new AtomicInteger(2);
    FaultyDisk.fail(
        file -> {
          if (stepOf(file) == 20 && file.contains("rows-0") && left.getAndDecrement() > 0) {
            throw new IllegalStateException("the task is lost");
          }
        });

    MvkeParameters trained = weights(kept("restarts = 2, " + EVERY_5 + " }", workers));

    assertSame(trained, whole);
    assertThat(heard.notices)
        .anyMatch(
            line ->
                line.startsWith("WARNING Training was interrupted: ")
                    && line.contains("the task is lost")
                    && line.endsWith("It starts again, restart 2 of 2."));
    assertThat(heard.notices).filteredOn(line -> line.startsWith("INFO Going on")).hasSize(2);
  }

  @Test
  void tasksThatAreLostTooOftenEndTheRunWithAMessage() {
    FaultyDisk.fail(
        file -> {
          if (stepOf(file) == 10) {
            throw new IllegalStateException("the task is lost");
          }
        });

    assertThatThrownBy(() -> kept("restarts = 1, " + EVERY_5 + " }", 1).fit(blocks()))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("Cannot go on training: it was interrupted 2 times")
        .hasMessageContaining("the task is lost");
  }

  @Test
  void theFolderOfTheSettingsIsUsedAndTheOldestCheckpointsGo() throws IOException {
    mvke("checkpoint { steps = 5, keep = 2, folder = \"" + folder + "\" }", 1).fit(blocks());

    assertThat(checkpoints())
        .extracting(path -> path.getFileName().toString())
        .containsExactly("step-000000000025", "step-000000000030");
  }

  @Test
  void aRunThatDivergesNamesTheLastGoodCheckpointWhichStays() throws IOException {
    Mvke wild =
        kept("optimizer { name = sgd, clip-norm = 0 }, " + EVERY_5 + " }", 1)
            .setModel(PlantedModel.DROPPING + ", score = dot")
            .setLearningRate(3)
            .setEpochs(20);

    assertThatThrownBy(() -> wild.fit(blocks()))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("Cannot go on training: ")
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .endsWith(" The last good checkpoint stays: " + newest() + "."));
  }

  private Path newest() {
    try {
      List<Path> all = checkpoints();
      return all.get(all.size() - 1);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void checkpointsOfOtherSettingsOrDataAreNotUsed() throws IOException {
    weights(kept(EVERY_5 + " }", 1));
    heard.notices.clear();

    weights(kept(EVERY_5 + " }", 1).setSeed(8));
    kept(EVERY_5 + " }", 1).fit(blocks().filter("block_order <> 3"));
    assertThat(heard.notices).isEmpty();

    weights(kept(EVERY_5 + " }", 1));
    assertThat(heard.notices).hasSize(1);
  }
}
