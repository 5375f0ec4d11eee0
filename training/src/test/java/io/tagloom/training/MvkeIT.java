package io.tagloom.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.conf.InputException;
import io.tagloom.conf.TrainingException;
import io.tagloom.training.models.FieldShape;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.trainer.EpochReport;
import io.tagloom.training.trainer.TrainListener;
import io.tagloom.training.trainer.TrainNotice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MvkeIT {
  private static final String SMALL =
      "embedding-dim = 8, attention-dim = 8, kernels = 3, expert-hidden = [16], output-dim = 8, "
          + "start { embedding = 0.3 }, dropout { hidden = 0.0, id = 0.0 }, tasks = ["
          + "{ name = ctr, label = click, rows = all, kernels = [0, 1], weight = 1.0 }, "
          + "{ name = cvr, label = conversion, rows = click, kernels = [1, 2], weight = 1.0 }]";

  private static Dataset<Row> blocks;

  @BeforeAll
  static void plant() {
    blocks = PlantedBlocks.dataset(10, 400).cache();
  }

  private static Mvke mvke(String training) {
    return new Mvke()
        .setModel(SMALL)
        .setTraining(training)
        .setFields(PlantedBlocks.fields())
        .setBatchSize(256)
        .setLearningRate(0.02)
        .setSeed(7);
  }

  @Test
  void learnsWhatWasPlantedAndTellsHowItGoes() {
    List<EpochReport> told = new ArrayList<>();
    MvkeModel model =
        mvke("optimizer { decay = 1.0 }")
            .setEpochs(8)
            .setListener(
                new TrainListener() {
                  @Override
                  public void epoch(EpochReport report) {
                    told.add(report);
                  }
                })
            .fit(blocks);

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
  void twoWorkersGiveTheSameBitsEveryTime() {
    MvkeParameters first = weights(mvke("").setEpochs(2).setWorkers(2));
    MvkeParameters second = weights(mvke("").setEpochs(2).setWorkers(2));

    assertThat(second.dense()).isEqualTo(first.dense());
    for (int t = 0; t < first.tables(); t++) {
      assertThat(second.table(t)).isEqualTo(first.table(t));
    }
  }

  /** One step over all samples. */
  private static Mvke oneStep(String training, String optimizer, double rate) {
    return mvke(training + ", optimizer { weight-decay = 0, momentum = 0, clip-norm = 0 }")
        .setOptimizer(optimizer)
        .setEpochs(1)
        .setBatchSize(8192)
        .setLearningRate(rate);
  }

  /** The gradient of that step: what plain descent at rate 1 takes off the weights. */
  private static MvkeParameters gradient(String training, int workers) {
    MvkeParameters start = weights(oneStep("exchange = float", "sgd", 1e-30));
    MvkeParameters after = weights(oneStep(training, "sgd", 1).setWorkers(workers));
    subtract(start.dense(), after.dense());
    for (int t = 0; t < start.tables(); t++) {
      subtract(start.table(t), after.table(t));
    }
    return start;
  }

  private static void subtract(float[] from, float[] values) {
    for (int i = 0; i < from.length; i++) {
      from[i] -= values[i];
    }
  }

  @Test
  void gradientsOfAnExchangedStepEqualThoseOfTheJoinedBatch() {
    MvkeParameters joined = gradient("exchange = float", 1);

    assertClose(gradient("exchange = float", 2), joined, 1e-6, 0);
    // Each gradient is rounded to 8 bits on its way, their sum once more: 2^-8 twice at most, of
    // the larger of the two workers' shares, which have the sum's size.
    assertClose(gradient("exchange = fp16", 2), joined, 2e-4, 1.0 / 128);
  }

  @Test
  void anExchangedStepOfEveryOptimizerEqualsThatOfTheJoinedBatch() {
    MvkeParameters slopes = gradient("exchange = float", 1);
    for (String name : Arrays.asList("adamw", "adam", "adagrad", "ftrl", "sgd")) {
      MvkeParameters joined = weights(oneStep("exchange = float", name, 0.01));
      MvkeParameters exchanged = weights(oneStep("exchange = float", name, 0.01).setWorkers(2));
      // The first step of the adaptive rules is the sign of the gradient, and of one that is all
      // rounding the sign is chance.
      keepWhereSteep(slopes.dense(), exchanged.dense(), joined.dense());
      for (int t = 0; t < joined.tables(); t++) {
        keepWhereSteep(slopes.table(t), exchanged.table(t), joined.table(t));
      }
      assertClose(exchanged, joined, 1e-6, 0);
    }
  }

  private static void keepWhereSteep(float[] slopes, float[] values, float[] otherwise) {
    int kept = 0;
    for (int i = 0; i < values.length; i++) {
      if (Math.abs(slopes[i]) < 1e-5) {
        assertThat(values[i]).isCloseTo(otherwise[i], within(0.021f));
        values[i] = otherwise[i];
      } else {
        kept++;
      }
    }
    assertThat(kept).isGreaterThan(values.length / 3);
  }

  @Test
  void twoWorkersAndOneReachTheSameValidationMetric() {
    double one = bestAuc(mvke("").setEpochs(6));
    double two = bestAuc(mvke("").setEpochs(6).setWorkers(2));
    double half = bestAuc(mvke("exchange = fp16").setEpochs(6).setWorkers(2));

    assertThat(two).isCloseTo(one, within(0.03));
    assertThat(half).isCloseTo(one, within(0.03));
  }

  @Test
  void aSavedModelScoresAsTheOneThatWasTrained(@TempDir Path folder) throws Exception {
    MvkeModel model = mvke("").setEpochs(1).fit(blocks);
    String path = folder.resolve("model").toString();
    model.save(path);

    MvkeModel loaded = MvkeModel.load(path);

    assertThat(loaded.bundle().info().id()).isEqualTo(model.bundle().info().id());
    List<Row> expected = model.transform(blocks).orderBy("split", "block_order").collectAsList();
    List<Row> actual = loaded.transform(blocks).orderBy("split", "block_order").collectAsList();
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
    mvke("").setEpochs(1).fit(blocks).save(path.toString());
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
            .setModel(SMALL + ", score = dot")
            .setLearningRate(100)
            .setEpochs(20);

    assertThatThrownBy(() -> wild.fit(blocks))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("Cannot go on training: ")
        .hasMessageContaining(" at step ")
        .hasMessageContaining(" layer ")
        .hasMessageContaining("Lower training.optimizer.learning-rate");
    assertThatThrownBy(() -> wild.copy(wild.extractParamMap()).setWorkers(2).fit(blocks))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining(" at step ");
  }

  @Test
  void aWarmStartContinuesTheEarlierModel() {
    MvkeModel earlier = mvke("").setEpochs(3).fit(blocks);
    String still = "optimizer { name = sgd, weight-decay = 0 }";
    Mvke next = mvke(still).setEpochs(1).setLearningRate(1e-30);
    MvkeParameters cold = weights(next);
    MvkeParameters dense = weights(next.setStart(earlier));
    Map<String, int[]> reset = Collections.singletonMap("user", new int[] {5});
    MvkeParameters all = weights(next.setStart(earlier, reset));

    MvkeParameters before = earlier.bundle().parameters();
    assertThat(dense.dense()).isEqualTo(before.dense());
    assertThat(dense.table(0)).isEqualTo(cold.table(0));
    assertThat(all.table(1)).isEqualTo(before.table(1));
    assertThat(Arrays.copyOfRange(all.table(0), 40, 48))
        .isEqualTo(Arrays.copyOfRange(cold.table(0), 40, 48));
    assertThat(Arrays.copyOfRange(all.table(0), 48, 56))
        .isEqualTo(Arrays.copyOfRange(before.table(0), 48, 56));
  }

  @Test
  void aWarmStartFromAnotherShapeIsRefused() {
    MvkeModel earlier = mvke("").setEpochs(1).fit(blocks);

    assertThatThrownBy(
            () -> mvke("").setModel(SMALL + ", tag-hidden = [4]").setStart(earlier).fit(blocks))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("Cannot start from model mvke-")
        .hasMessageContaining("tag.ctr.layer.0.weight");
  }

  @Test
  void aWarmStartFromAModelThatMeansSomethingElseIsRefused() {
    MvkeModel earlier = mvke("").setEpochs(1).fit(blocks);

    assertThatThrownBy(
            () -> mvke("").setModel(SMALL + ", score = dot").setStart(earlier).fit(blocks))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("Cannot start from model mvke-")
        .hasMessageContaining(
            "its model.score is \"kernel-cosine\" where the settings ask for \"dot\"");
    List<FieldShape> swapped = new ArrayList<>(PlantedBlocks.fields());
    Collections.swap(swapped, 0, 1);
    assertThatThrownBy(() -> mvke("").setFields(swapped).setStart(earlier).fit(blocks))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("its fields are user (user), age (user), tags (item) where ");
  }

  @Test
  void aGrownVocabularyKeepsItsRowsAndNewOnesStartFresh() {
    MvkeModel earlier = mvke("").setEpochs(2).fit(blocks);
    List<FieldShape> grown = new ArrayList<>(PlantedBlocks.fields());
    grown.set(0, new FieldShape("user", FieldShape.Side.USER, PlantedBlocks.USERS + 5));
    Mvke next =
        mvke("optimizer { name = sgd, weight-decay = 0 }")
            .setFields(grown)
            .setEpochs(1)
            .setLearningRate(1e-30);
    float[] cold = weights(next).table(0);

    float[] warm = weights(next.setStart(earlier, Collections.emptyMap())).table(0);

    int known = earlier.bundle().parameters().table(0).length;
    assertThat(warm.length - known).isEqualTo(3 * 8);
    assertThat(Arrays.copyOf(warm, known)).isEqualTo(earlier.bundle().parameters().table(0));
    assertThat(Arrays.copyOfRange(warm, known, warm.length))
        .isEqualTo(Arrays.copyOfRange(cold, known, warm.length));
  }

  @Test
  void aTrustRegionHoldsWhatTheEarlierModelKnewAndNothingElse() {
    MvkeModel earlier = mvke("").setEpochs(2).fit(blocks);
    MvkeParameters before = earlier.bundle().parameters();
    Map<String, int[]> reset = Collections.singletonMap("user", new int[] {5});
    for (String name : Arrays.asList("adamw 0.02 10", "ftrl 0.1 10", "sgd 0.1 5")) {
      String[] parts = name.split(" ");
      MvkeParameters[] moved = new MvkeParameters[2];
      for (int held = 0; held < 2; held++) {
        String pull = held == 1 ? parts[2] : "0";
        Mvke next =
            mvke("early-stopping-epochs = 0, trust-region = " + pull)
                .setOptimizer(parts[0])
                .setLearningRate(Double.parseDouble(parts[1]))
                .setSeed(9)
                .setEpochs(2)
                .setWorkers(2);
        moved[held] = weights(next.setStart(earlier, reset));
      }

      assertThat(distance(moved[1].dense(), before.dense(), 0, before.dense().length))
          .as(name)
          .isLessThan(0.5 * distance(moved[0].dense(), before.dense(), 0, before.dense().length));
      assertThat(distance(moved[1].table(0), before.table(0), 48, 480))
          .as(name)
          .isLessThan(0.5 * distance(moved[0].table(0), before.table(0), 48, 480));
      // Row 5 is another user now: it may go wherever it wants.
      float[] first = weights(mvke("").setSeed(9).setEpochs(1).setLearningRate(1e-30)).table(0);
      assertThat(distance(moved[1].table(0), first, 40, 48))
          .as(name)
          .isGreaterThan(0.5 * distance(moved[0].table(0), first, 40, 48));
    }
  }

  private static double distance(float[] left, float[] right, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += Math.pow(left[i] - right[i], 2);
    }
    return Math.sqrt(sum);
  }

  @Test
  void samplesThatDoNotFitIntoMemoryWaitOnTheDiskAndNothingElseChanges() {
    for (int workers : new int[] {1, 2}) {
      MvkeParameters inMemory = weights(mvke("").setEpochs(2).setWorkers(workers));
      List<String> told = new ArrayList<>();
      TrainListener listener =
          new TrainListener() {
            @Override
            public void notice(TrainNotice notice) {
              told.add(notice.text());
            }
          };
      Mvke little = mvke("block-memory-share = 0, shuffle-window-blocks = 64");

      MvkeParameters onDisk =
          weights(little.setEpochs(2).setWorkers(workers).setListener(listener));

      assertThat(told)
          .anyMatch(
              text -> text.contains("wait on its local disk; training.block-memory-share is"));
      assertThat(onDisk.dense()).isEqualTo(inMemory.dense());
      assertThat(onDisk.table(0)).isEqualTo(inMemory.table(0));
    }
  }

  @Test
  void anExplodingLossStopsTheRunBeforeItIsNoNumber() {
    Mvke wild =
        mvke("guard { loss-factor = 2 }, optimizer { name = adam, warm-up-steps = 60 }")
            .setModel(SMALL + ", score = dot")
            .setLearningRate(20)
            .setEpochs(20);

    for (int workers : new int[] {1, 2}) {
      assertThatThrownBy(() -> wild.copy(wild.extractParamMap()).setWorkers(workers).fit(blocks))
          .isInstanceOf(TrainingException.class)
          .hasMessageContaining("Cannot go on training: ")
          .hasMessageContaining(" The loss of ")
          .hasMessageContaining(" times what was usual in the steps before.");
    }
  }

  @Test
  void moreWorkersThanSlotsAreRefusedAtOnce() {
    assertThatThrownBy(() -> mvke("").setWorkers(9).fit(blocks))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("9 workers need as many free slots at the same time, Spark has 2");
  }

  @Test
  void dataWithoutTrainingRowsIsRefused() {
    assertThatThrownBy(() -> mvke("").fit(blocks.filter("split = 'valid'")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("there is no sample of split train");
  }

  private static MvkeParameters weights(Mvke mvke) {
    return mvke.fit(blocks).bundle().parameters();
  }

  private static double bestAuc(Mvke mvke) {
    double[] best = {0};
    mvke.setListener(
            new TrainListener() {
              @Override
              public void epoch(EpochReport report) {
                best[0] = Math.max(best[0], report.tasks().get(0).validAuc());
              }
            })
        .fit(blocks);
    return best[0];
  }

  private static void assertClose(
      MvkeParameters actual, MvkeParameters expected, double absolute, double relative) {
    assertClose(actual.dense(), expected.dense(), absolute, relative);
    for (int t = 0; t < expected.tables(); t++) {
      assertClose(actual.table(t), expected.table(t), absolute, relative);
    }
  }

  private static void assertClose(
      float[] actual, float[] expected, double absolute, double relative) {
    assertThat(actual.length).isEqualTo(expected.length);
    for (int i = 0; i < expected.length; i++) {
      float bound = (float) (absolute + relative * Math.abs(expected[i]));
      assertThat(actual[i]).isCloseTo(expected[i], within(bound));
    }
    assertThat(Arrays.equals(actual, new float[actual.length])).isFalse();
  }
}
