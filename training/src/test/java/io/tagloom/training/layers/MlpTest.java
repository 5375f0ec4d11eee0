package io.tagloom.training.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outputs and gradients of perceptrons narrow and wide beside plain loops in double precision. */
class MlpTest {
  private static final int[] TILES = {70, 3};

  private final Random random = new Random(7);

  @ParameterizedTest
  @ValueSource(
      strings = {"5,3", "5,63,3", "5,64,3", "7,70,32", "20,128,64,100", "3,1,65", "40,17,18"})
  void agreesWithPlainLoops(String list) {
    int[] widths = Arrays.stream(list.split(",")).mapToInt(Integer::parseInt).toArray();
    int offset = 4;
    float[] weights = randoms(offset + Mlp.size(widths));
    float[] gradients = new float[weights.length];
    Plain plain = new Plain(widths, offset, weights);
    Mlp mlp = new Mlp(0, offset, TILES[0], widths);
    mlp.begin();
    int in = widths[0];
    int out = widths[widths.length - 1];

    for (int n : TILES) {
      float[] x = randoms((in + 1) * n);
      Arrays.fill(x, in * n, (in + 1) * n, 1);
      float[] dOut = randoms(out * n);
      float[] y = new float[out * n];
      float[] dx = new float[in * n];
      mlp.forward(weights, x, n, 0, Noise.NONE, y, 0);
      mlp.backward(weights, x, n, Noise.NONE, dOut, 0, dx);

      for (int r = 0; r < n; r++) {
        double[] output = plain.forward(column(x, r, n, in));
        double[] slope = plain.backward(column(dOut, r, n, out));
        assertThat(column(y, r, n, out)).containsExactly(output, within(1e-4));
        assertThat(column(dx, r, n, in)).containsExactly(slope, within(1e-4));
      }
    }
    mlp.finish(gradients);

    for (int i = 0; i < weights.length; i++) {
      assertThat((double) gradients[i]).as("%d", i).isCloseTo(plain.gradients[i], within(1e-3));
    }
  }

  private float[] randoms(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() / 4);
    }
    return values;
  }

  private static double[] column(float[] values, int r, int n, int width) {
    double[] column = new double[width];
    for (int i = 0; i < width; i++) {
      column[i] = values[i * n + r];
    }
    return column;
  }

  /** One row at a time, as the formulas say it. */
  private static final class Plain {
    private final int[] widths;
    private final int offset;
    private final float[] weights;
    private final double[] gradients;
    private final double[][] inputs;

    Plain(int[] widths, int offset, float[] weights) {
      this.widths = widths;
      this.offset = offset;
      this.weights = weights;
      this.gradients = new double[weights.length];
      this.inputs = new double[widths.length][];
    }

    double[] forward(double[] x) {
      inputs[0] = x;
      int at = offset;
      for (int i = 1; i < widths.length; i++) {
        inputs[i] = new double[widths[i]];
        for (int j = 0; j < widths[i]; j++) {
          double sum = weights[at + widths[i - 1] * widths[i] + j];
          for (int k = 0; k < widths[i - 1]; k++) {
            sum += inputs[i - 1][k] * weights[at + k * widths[i] + j];
          }
          inputs[i][j] = i < widths.length - 1 ? Math.max(sum, 0) : sum;
        }
        at += (widths[i - 1] + 1) * widths[i];
      }
      return inputs[widths.length - 1];
    }

    double[] backward(double[] dOut) {
      double[] dy = dOut;
      int at = weights.length;
      for (int i = widths.length - 1; i > 0; i--) {
        at -= (widths[i - 1] + 1) * widths[i];
        double[] dx = new double[widths[i - 1]];
        for (int j = 0; j < widths[i]; j++) {
          gradients[at + widths[i - 1] * widths[i] + j] += dy[j];
          for (int k = 0; k < widths[i - 1]; k++) {
            gradients[at + k * widths[i] + j] += dy[j] * inputs[i - 1][k];
            dx[k] += dy[j] * weights[at + k * widths[i] + j];
          }
        }
        for (int k = 0; i > 1 && k < dx.length; k++) {
          dx[k] = inputs[i - 1][k] > 0 ? dx[k] : 0;
        }
        dy = dx;
      }
      return dy;
    }
  }
}
