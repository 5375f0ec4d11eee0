package io.tagloom.training.bigdl;

import com.intel.analytics.bigdl.nn.Linear;
import com.intel.analytics.bigdl.nn.ReLU;
import com.intel.analytics.bigdl.nn.Sequential;
import com.intel.analytics.bigdl.tensor.Tensor;
import com.intel.analytics.bigdl.tensor.Tensor$;
import com.intel.analytics.bigdl.utils.Engine$;
import java.util.ArrayList;
import java.util.List;

/**
 * Expert networks put together from BigDL's own modules, to measure what its generic tensor code
 * costs beside the layers of this project.
 */
public final class GenericExperts {
  private final List<Sequential<Object>> experts = new ArrayList<>();
  private final Tensor<Object> input;
  private final Tensor<Object> slope;

  /**
   * Experts and a batch for them.
   *
   * @param count number of experts
   * @param rows rows of the batch
   * @param threads threads of BigDL's element-wise passes
   * @param widths input, hidden and output widths
   */
  public GenericExperts(int count, int rows, int threads, int... widths) {
    Engine$.MODULE$.setNodeAndCore(1, threads);
    for (int k = 0; k < count; k++) {
      Sequential<Object> expert = new Sequential<>(FloatTensors.TAG, FloatTensors.NUMERIC);
      for (int i = 1; i < widths.length; i++) {
        if (i > 1) {
          expert.add(new ReLU<>(false, FloatTensors.TAG, FloatTensors.NUMERIC));
        }
        expert.add(
            new Linear<>(
                widths[i - 1],
                widths[i],
                true,
                null,
                null,
                null,
                null,
                null,
                null,
                FloatTensors.TAG,
                FloatTensors.NUMERIC));
      }
      experts.add(expert);
    }
    this.input = filled(rows, widths[0]);
    this.slope = filled(rows, widths[widths.length - 1]);
  }

  private static Tensor<Object> filled(int rows, int width) {
    float[] values = new float[rows * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i % 7 - 3) / 8f;
    }
    return Tensor$.MODULE$.apply(
        values, new int[] {rows, width}, FloatTensors.TAG, FloatTensors.NUMERIC);
  }

  /** Forward and backward pass of every expert over the whole batch. */
  public void pass() {
    for (Sequential<Object> expert : experts) {
      expert.zeroGradParameters();
      expert.forward(input);
      expert.backward(input, slope);
    }
  }
}
