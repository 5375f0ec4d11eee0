package io.tagloom.training.bigdl;

import com.intel.analytics.bigdl.optim.Adagrad;
import com.intel.analytics.bigdl.optim.Adam;
import com.intel.analytics.bigdl.optim.Ftrl;
import com.intel.analytics.bigdl.optim.OptimMethod;
import com.intel.analytics.bigdl.optim.SGD;
import com.intel.analytics.bigdl.tensor.Tensor;
import io.tagloom.shaded.scala211.Tuple2;
import io.tagloom.shaded.scala211.runtime.AbstractFunction1;

/** BigDL's own optimisers on flat arrays, to compare with. */
public final class BigDlOptimizers {
  private BigDlOptimizers() {}

  public static void adam(float[] weights, float[][] gradients, double rate) {
    run(
        new Adam<>(rate, 0.0, 0.9, 0.999, 1e-8, FloatTensors.TAG, FloatTensors.NUMERIC),
        weights,
        gradients);
  }

  public static void adagrad(float[] weights, float[][] gradients, double rate, double l2) {
    run(new Adagrad<>(rate, 0.0, l2, FloatTensors.TAG, FloatTensors.NUMERIC), weights, gradients);
  }

  public static void ftrl(float[] weights, float[][] gradients, double rate, double l2) {
    run(
        new Ftrl<>(rate, -0.5, 0.1, 0.0, l2, 0.0, FloatTensors.TAG, FloatTensors.NUMERIC),
        weights,
        gradients);
  }

  public static void momentum(
      float[] weights, float[][] gradients, double rate, double momentum, double l2) {
    SGD<Object> sgd =
        new SGD<>(
            rate,
            0.0,
            l2,
            momentum,
            0.0,
            false,
            new SGD.Default(),
            null,
            null,
            FloatTensors.TAG,
            FloatTensors.NUMERIC);
    run(sgd, weights, gradients);
  }

  private static void run(OptimMethod<Object> method, float[] weights, float[][] gradients) {
    Tensor<Object> x = FloatTensors.over(weights);
    for (float[] gradient : gradients) {
      method.optimize(new Slope(gradient), x);
    }
  }

  private static final class Slope
      extends AbstractFunction1<Tensor<Object>, Tuple2<Object, Tensor<Object>>> {
    private final float[] gradient;

    Slope(float[] gradient) {
      this.gradient = gradient.clone();
    }

    @Override
    public Tuple2<Object, Tensor<Object>> apply(Tensor<Object> weights) {
      return new Tuple2<>(0f, FloatTensors.over(gradient));
    }
  }
}
