package io.tagloom.training.bigdl;

import static org.assertj.core.api.Assertions.assertThat;

import com.intel.analytics.bigdl.visualization.tensorboard.FileReader;
import io.tagloom.shaded.scala211.Tuple3;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardTest {
  @TempDir Path folder;

  @Test
  void numbersAreReadBackFromTheEventFiles() {
    try (TensorBoard board = new TensorBoard(folder.toString(), "dt=2026-11-01")) {
      board.train("loss/ctr", 0.25, 10);
      board.train("loss/ctr", 0.125, 20);
      board.validation("auc/ctr", 0.75, 20);
    }

    Tuple3<Object, Object, Object>[] losses =
        FileReader.readScalar(folder.resolve("dt=2026-11-01/train").toString(), "loss/ctr");
    Tuple3<Object, Object, Object>[] aucs =
        FileReader.readScalar(folder.resolve("dt=2026-11-01/validation").toString(), "auc/ctr");
    assertThat(losses).extracting(Tuple3::_1).containsExactly(10L, 20L);
    assertThat(losses).extracting(Tuple3::_2).containsExactly(0.25f, 0.125f);
    assertThat(aucs).extracting(Tuple3::_2).containsExactly(0.75f);
  }
}
