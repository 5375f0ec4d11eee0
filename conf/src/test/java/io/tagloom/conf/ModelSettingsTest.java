package io.tagloom.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import io.tagloom.conf.ModelSettings.Gate;
import io.tagloom.conf.ModelSettings.Residual;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelSettingsTest {
  private static final Config REFERENCE =
      ConfigFactory.parseResources(ModelSettings.class, "reference.conf").getConfig("model");

  private static SettingsReader reader(String text) {
    Config own =
        ConfigFactory.parseString(
            text, ConfigParseOptions.defaults().setOriginDescription("my.conf"));
    return SettingsReader.over(own.withFallback(REFERENCE), REFERENCE);
  }

  @Test
  void defaultsOfTheBuilderAreThoseOfTheReference() {
    SettingsReader reader = reader("");
    ModelSettings read = ModelSettings.read(reader);
    assertThat(reader.finish()).isEmpty();
    assertThat(read).usingRecursiveComparison().isEqualTo(ModelSettings.builder().build());
  }

  @Test
  void everyKeyHasEffect() {
    SettingsReader reader =
        reader(
            "embedding-dim = 8, attention-dim = 4, kernels = 3, expert-hidden = [], output-dim = 8,"
                + " expert-network = deepfm, tag-hidden = [5, 6], tag-tower = shared,"
                + " projection = sigmoid, pooling = sum, residual = off, gate = plain, score = dot,"
                + " scale = { mode = fixed, start = 1 }, bias = { mode = fixed, start = -2 },"
                + " task-weights = uncertainty, load-balance = 0.5,"
                + " start { embedding = 0.3, kernel = 0.7 },"
                + " dropout { embedding = 0.1, hidden = 0.2, id = 0.3, user = 0.4, item = 0.5 },"
                + " tasks = [{ name = a, label = click, kernels = [0, 1] },"
                + " { name = b, label = cart, rows = click, kernels = [1, 2], weight = 2,"
                + " loss = entire-space, given = a, immature = keep }]");
    ModelSettings read = ModelSettings.read(reader);
    assertThat(reader.finish()).isEmpty();
    ModelSettings expected =
        ModelSettings.builder()
            .dims(8, 4, 8)
            .kernels(3)
            .expertHidden()
            .expertNetwork(ModelSettings.ExpertNetwork.DEEPFM)
            .tagHidden(5, 6)
            .tagTower(ModelSettings.TagTower.SHARED)
            .projection(ModelSettings.Projection.SIGMOID)
            .pooling(ModelSettings.Pooling.SUM)
            .residual(Residual.OFF)
            .gate(Gate.PLAIN)
            .score(ModelSettings.Score.DOT)
            .scale(ModelSettings.Learning.FIXED, 1)
            .bias(ModelSettings.Learning.FIXED, -2)
            .taskWeights(ModelSettings.TaskWeights.UNCERTAINTY)
            .loadBalance(0.5)
            .start(0.3, 0.7)
            .dropout(0.1, 0.2, 0.3)
            .wholeDropout(0.4, 0.5)
            .tasks(
                TaskSettings.of("a", "click", "all", 0, 1),
                new TaskSettings(
                    "b",
                    "cart",
                    "click",
                    Arrays.asList(1, 2),
                    2,
                    TaskSettings.Loss.ENTIRE_SPACE,
                    "a",
                    TaskSettings.Immature.KEEP))
            .build();
    assertThat(read).usingRecursiveComparison().isEqualTo(expected);
    assertThat(read.taskIndex("b")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "attention-dim = 8 | attention-dim: 8; expected the embedding-dim 32 when residual is on",
        "gate = plain, output-dim = 16 | output-dim: 16; expected the embedding-dim 32 when gate is plain",
        "tasks = [] | tasks: []; expected at least one task",
        "tasks = [{name=a,label=x,kernels=[]}] | a with kernels []; expected at least one kernel",
        "tasks = [{name=a,label=x,kernels=[5]}] | a with kernels [5]; expected kernels from 0 to 4",
        "tasks = [{name=a,label=x,kernels=[1,1]}] | a with kernels [1, 1]; expected each kernel once",
        "tasks = [{name=a,label=x,kernels=[1]},{name=b,label=y,kernels=[1,2]}]"
            + " | a with kernels [1]; expected a kernel that no other task reads",
        "tasks = [{name=a,label=x,kernels=[1]},{name=a,label=y,kernels=[2]}]"
            + " | tasks: [a, a]; expected a different name for each task",
        "tasks = [{name=a,label=x,kernels=[1],loss=entire-space,given=b}]"
            + " | a with given b; expected the name of another task whose loss is rows",
        "tasks = [{name=a,label=x,kernels=[1],given=a}]"
            + " | a with given a; expected given only where loss is entire-space",
        "tasks = [{name=a,label=x,kernels=[1],weigth=2}] | Unknown key tasks[0].weigth",
        "dropout.hidden = 1 | dropout.hidden: 1.0; expected a number from 0 to",
      })
  void faultsNameTheValueAndTheRule(String text, String fault) {
    SettingsReader reader = reader(text);
    ModelSettings.read(reader);
    List<String> faults = reader.finish();
    assertThat(faults).anySatisfy(line -> assertThat(line).contains(fault));
  }

  @Test
  void theBuilderRefusesWhatTheFileRefuses() {
    assertThatThrownBy(() -> ModelSettings.builder().dims(4, 5, 6).gate(Gate.PLAIN).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Invalid model.attention-dim: 5; expected the embedding-dim 4")
        .hasMessageContaining("Invalid model.output-dim: 6; expected the embedding-dim 4");
  }
}
