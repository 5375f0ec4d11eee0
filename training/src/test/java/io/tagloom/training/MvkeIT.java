package io.tagloom.training;

import static io.tagloom.training.PlantedModel.bestAuc;
import static io.tagloom.training.PlantedModel.blocks;
import static io.tagloom.training.PlantedModel.mvke;
import static io.tagloom.training.PlantedModel.weights;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.conf.InputException;
import io.tagloom.conf.TrainingException;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.trainer.EpochReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One model, from samples to a saved bundle. */
class MvkeIT {
  @Test
  void learnsWhatWasPlantedAndTellsHowItGoes() {
    Heard heard = new Heard();
    MvkeModel model =
        mvke("optimizer { decay = 1.0 }").setEpochs(8).setListener(heard).fit(blocks());
    List<EpochReport> told = heard.epochs;

    EpochReport last = told.get(told.size() - 1);
    assertThat(told.get(0).samples()).isEqualTo(4000);
    assertThat(told.get(0).steps()).isEqualTo(16);
    assertThat(told.stream().mapToDouble(r -> r.tasks().get(0).validAuc()).max().getAsDouble())
        .isGreaterThan(0.75);
    assertThat(told.stream().mapToDouble(r -> r.tasks().get(1).validAuc()).max().getAsDouble())
        .isGreaterThan(0.65);
    assertThat(last.tasks().get(0).loss()).isLessThan(told.get(0).tasks().get(0).loss());
    assertThat(model.bundle().info().historyJson()).contains("\"valid_auc\":0.");
    assertThat(last.health().kernelUse(0)).hasSize(2);
    assertThat(last.health().kernelUse(0)[0] + last.health().kernelUse(0)[1])
        .isCloseTo(1.0, within(1e-5));
    assertThat(last.health().gateEntropy(1)).isBetween(0.0, Math.log(2) + 1e-6);
    assertThat(last.health().expertCosine()[2][2]).isCloseTo(1.0, within(1e-9));
  }

  @Test
  void everyOptimizerLearns() {
    for (String name : Arrays.asList("adam 0.02", "adagrad 0.1", "ftrl 0.1", "sgd 0.5")) {
      String[] parts = name.split(" ");
      String training = "optimizer { weight-decay = 0, decay = 1.0 }";
      double rate = Double.parseDouble(parts[1]);
      Mvke mvke = mvke(training).setOptimizer(parts[0]).setLearningRate(rate).setEpochs(8);
      assertThat(bestAuc(mvke)).as(name).isGreaterThan(0.7);
    }
  }

  @Test
  void theSameSeedGivesTheSameBitsAndAnotherOneDoesNot() {
    MvkeParameters first = weights(mvke("").setEpochs(2));
    MvkeParameters second = weights(mvke("").setEpochs(2));
    MvkeParameters other = weights(mvke("").setEpochs(2).setSeed(8));

    assertThat(second.dense()).isEqualTo(first.dense());
    assertThat(second.table(0)).isEqualTo(first.table(0));
    assertThat(other.dense()).isNotEqualTo(first.dense());
  }

  @Test
  void aSavedModelScoresAsTheOneThatWasTrained(@TempDir Path folder) throws Exception {
    MvkeModel model = mvke("").setEpochs(1).fit(blocks());
    String path = folder.resolve("model").toString();
    model.save(path);

    MvkeModel loaded = MvkeModel.load(path);

    assertThat(loaded.bundle().info().id()).isEqualTo(model.bundle().info().id());
    List<Row> expected = model.transform(blocks()).orderBy("split", "block_order").collectAsList();
    List<Row> actual = loaded.transform(blocks()).orderBy("split", "block_order").collectAsList();
    int column = expected.get(0).fieldIndex("cvr_probability");
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i).getList(column)).isEqualTo(expected.get(i).getList(column));
      assertThat(actual.get(i).getList(column)).hasSize(400);
    }
    assertThatThrownBy(() -> loaded.bundle().checkVocabulary("other"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("Cannot use model mvke-");
  }

  @Test
  void aDamagedBundleIsRefused(@TempDir Path folder) throws Exception {
    Path path = folder.resolve("model");
    mvke("").setEpochs(1).fit(blocks()).save(path.toString());
    Path weights = path.resolve("weights.bin");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length / 2] ^= 1;
    Files.delete(path.resolve(".weights.bin.crc"));
    Files.write(weights, bytes);

    assertThatThrownBy(() -> MvkeModel.load(path.toString()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("weights.bin does not fit its checksum");
  }

  @Test
  void aLossThatIsNoNumberStopsTheRunWithTheStepAndAdvice() {
    Mvke wild =
        mvke("early-stopping-epochs = 0, optimizer { name = sgd, clip-norm = 0 }")
            .setModel(PlantedModel.SMALL + ", score = dot")
            .setLearningRate(100)
            .setEpochs(20);

    assertThatThrownBy(() -> wild.fit(blocks()))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("Cannot go on training: ")
        .hasMessageContaining(" at step ")
        .hasMessageContaining(" layer ")
        .hasMessageContaining("Lower training.optimizer.learning-rate");
    assertThatThrownBy(() -> wild.copy(wild.extractParamMap()).setWorkers(2).fit(blocks()))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining(" at step ");
  }

  @Test
  void anExplodingLossStopsTheRunBeforeItIsNoNumber() {
    Mvke wild =
        mvke("guard { loss-factor = 2 }, optimizer { name = adam, warm-up-steps = 60 }")
            .setModel(PlantedModel.SMALL + ", score = dot")
            .setLearningRate(20)
            .setEpochs(20);

    for (int workers : new int[] {1, 2}) {
      assertThatThrownBy(() -> wild.copy(wild.extractParamMap()).setWorkers(workers).fit(blocks()))
          .isInstanceOf(TrainingException.class)
          .hasMessageContaining("Cannot go on training: ")
          .hasMessageContaining(" The loss of ")
          .hasMessageContaining(" times what was usual in the steps before.");
    }
  }

  @Test
  void samplesThatDoNotFitIntoMemoryWaitOnTheDiskAndNothingElseChanges() {
    for (int workers : new int[] {1, 2}) {
      MvkeParameters inMemory = weights(mvke("").setEpochs(2).setWorkers(workers));
      Heard heard = new Heard();
      Mvke little = mvke("block-memory-share = 0, shuffle-window-blocks = 64");

      MvkeParameters onDisk = weights(little.setEpochs(2).setWorkers(workers).setListener(heard));

      assertThat(heard.notices)
          .anyMatch(
              text -> text.contains("wait on its local disk; training.block-memory-share is"));
      assertThat(onDisk.dense()).isEqualTo(inMemory.dense());
      assertThat(onDisk.table(0)).isEqualTo(inMemory.table(0));
    }
  }

  @Test
  void aTaskWhoseWindowsAreAllOpenIsNamedAndTheOthersLearn() {
    Heard heard = new Heard();
    mvke("").setEpochs(2).setListener(heard).fit(PlantedBlocks.immature(blocks(), 400));

    assertThat(heard.notices)
        .containsExactly(
            "WARNING Task cvr has learned nothing: no training sample counts for it. Where all "
                + "conversion windows are still open, train on more days (training.days) or set the "
                + "task's immature = keep.");
    assertThat(heard.epochs.get(1).tasks().get(0).loss())
        .isLessThan(heard.epochs.get(0).tasks().get(0).loss());
    assertThat(heard.epochs.get(1).tasks().get(1).validRows()).isZero();
  }

  @Test
  void moreWorkersThanSlotsAreRefusedAtOnce() {
    assertThatThrownBy(() -> mvke("").setWorkers(9).fit(blocks()))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("9 workers need as many free slots at the same time, Spark has 2");
  }

  @Test
  void dataWithoutTrainingRowsIsRefused() {
    assertThatThrownBy(() -> mvke("").fit(blocks().filter("split = 'valid'")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("there is no sample of split train");
  }
}
