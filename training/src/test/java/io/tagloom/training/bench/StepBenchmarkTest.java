package io.tagloom.training.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tagloom.conf.Settings;
import io.tagloom.conf.SettingsException;
import io.tagloom.training.models.MvkeShape;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StepBenchmarkTest {
  private static final Settings SETTINGS = Settings.reference(Collections.emptyMap());

  private static StepSizes small() {
    return StepSizes.reference()
        .with(Size.FIELDS, 4)
        .with(Size.VOCABULARY, 50)
        .with(Size.TAGS, 30)
        .with(Size.BATCH, 300)
        .with(Size.THREADS, 2)
        .withHidden(Arrays.asList(8, 6));
  }

  private static BenchResult run(StepSizes sizes, List<Peer> peers) {
    return StepBenchmark.run(
        sizes, StepSizes::paper, SETTINGS.training(), 0.1, peers, false, text -> {});
  }

  @Test
  void tellsSpeedPartsAndPeers() {
    BenchResult result =
        run(small(), Collections.singletonList(Peer.of("slow=echo warm; echo 1,000.5 samples/s")));

    Map<String, Double> numbers = result.numbers();
    double speed = numbers.get("samples_per_second");
    assertThat(speed).isPositive();
    assertThat(numbers.get("ms_per_step")).isCloseTo(300e3 / speed, within(1e-6 * 300e3 / speed));
    assertThat(numbers.get("gflops"))
        .isCloseTo(speed * numbers.get("flops_per_sample") / 1e9, within(1e-6));
    assertThat(numbers.get("peak_share"))
        .isCloseTo(numbers.get("gflops") / numbers.get("gemm_peak_gflops"), within(1e-9));
    assertThat(numbers.get("parts.experts")).isPositive();
    assertThat(numbers.get("parts.update")).isPositive();
    assertThat(numbers.get("bigdl_expert_rows_per_second")).isPositive();
    assertThat(numbers.get("peers.slow.samples_per_second")).isEqualTo(1000.5);
    assertThat(numbers.get("peers.slow.ratio")).isCloseTo(speed / 1000.5, within(1e-9));
    assertThat(result.lines()).anyMatch(line -> line.startsWith("experts_backward"));
  }

  @Test
  void countsTheOperationsOfTheReferenceShape() {
    StepSizes sizes = StepSizes.reference();
    StepCost cost = StepCost.ofAllRows(sizes.paper(), 1);
    // Three products of each expert's 321 x 128 and 129 x 32, keys and values, attention, towers.
    double experts = 5 * 6 * (321 * 128 + 129 * 32);
    double fields = 20 * (6 * 16 * 32 + 6 * 16 * 5);
    double tags = 6 * (2 * 17 * 32 + 2 * 16 * 32 + 16 * 3 + 16 * 4);
    assertThat(cost.flops()).isEqualTo(experts + fields + tags);
  }

  @Test
  void everyTaskHasAKernelOfItsOwn() {
    for (int kernels = 1; kernels <= 9; kernels++) {
      for (int tasks = 1; tasks <= kernels; tasks++) {
        MvkeShape shape =
            StepSizes.reference().with(Size.KERNELS, kernels).with(Size.TASKS, tasks).paper();
        assertThat(shape.tasks()).isEqualTo(tasks);
      }
    }
    assertThat(StepSizes.reference().paper().kernels(0)).containsExactly(0, 1, 2);
    assertThat(StepSizes.reference().paper().kernels(1)).containsExactly(1, 2, 3, 4);
  }

  @Test
  void rowsWithoutClicksCostLess() {
    StepSizes sizes = small().with(Size.BATCH, 2048);
    double few = run(sizes, Collections.emptyList()).numbers().get("flops_per_sample");
    BenchResult all = run(sizes.withClickShare(1), Collections.emptyList());
    assertThat(all.numbers().get("flops_per_sample"))
        .isEqualTo(all.numbers().get("flops_per_sample_all_rows"));
    assertThat(few).isLessThan(0.9 * all.numbers().get("flops_per_sample"));
  }

  @Test
  void tellsTheSpeedOfScoring() {
    Map<String, Double> numbers =
        InferenceBenchmark.run(
                small().with(Size.THREADS, 1),
                StepSizes::paper,
                SETTINGS.training(),
                0.1,
                text -> {})
            .numbers();
    double users = numbers.get("users_per_second");
    assertThat(users).isPositive();
    assertThat(numbers.get("users_to_training"))
        .isCloseTo(users / numbers.get("samples_per_second"), within(1e-9));
    assertThat(numbers.get("seconds_per_million_tags") * numbers.get("tags_per_second"))
        .isCloseTo(1e6, within(1e-3));
  }

  @Test
  void wrongSizesAndPeersAreRefused() {
    assertThatThrownBy(() -> StepSizes.reference().with(Size.TAGS_PER_ROW, 0))
        .isInstanceOf(SettingsException.class)
        .hasMessage("Invalid --tags-per-row: 0; expected 1 to 10000.");
    assertThatThrownBy(() -> StepSizes.reference().with(Size.TASKS, 6).paper())
        .hasMessage("Invalid --tasks: 6; expected at most --kernels, 5.");
    assertThatThrownBy(() -> StepSizes.reference().withClickShare(1.5))
        .hasMessage("Invalid --click-share: 1.5; expected 0 to 1.");
    assertThatThrownBy(() -> StepSizes.reference().withHidden(Arrays.asList(8, 0)))
        .hasMessage("Invalid --hidden: 0; expected 1 to 65536.");
    assertThatThrownBy(() -> Peer.of("echo"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("expected NAME=COMMAND");
    assertThatThrownBy(() -> Peer.of("wrong=echo nothing; exit 3").samplesPerSecond())
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("code 3")
        .hasMessageContaining("its last line: nothing");
  }

  @Test
  void theModelOfTheSettingsKeepsItsSwitches() {
    MvkeShape shape = StepSizes.reference().with(Size.KERNELS, 7).shape(SETTINGS.model());
    assertThat(shape.model().residual()).isEqualTo(SETTINGS.model().residual());
    assertThat(shape.model().kernels()).isEqualTo(7);
    assertThatThrownBy(() -> StepSizes.reference().with(Size.ATTENTION, 8).shape(SETTINGS.model()))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("attention-dim: 8");
  }
}
