package io.tagloom.training.models;

import io.tagloom.conf.ModelSettings;
import io.tagloom.training.layers.Stable;
import io.tagloom.training.models.FieldShape.Side;

/** First weights of a model: everything is a function of the seed and the weight's name. */
final class MvkeStart {
  private MvkeStart() {}

  static MvkeParameters initialize(MvkeShape shape, long seed) {
    MvkeParameters parameters = MvkeParameters.zeros(shape);
    for (int t = 0; t < shape.tables().size(); t++) {
      TableShape table = shape.tables().get(t);
      for (int row = 0; row < table.rows(); row++) {
        row(shape, seed, t, row, parameters.table(t), row * table.width());
      }
    }
    for (Slot slot : shape.slots()) {
      dense(shape, seed, slot, parameters.dense());
    }
    return parameters;
  }

  static void row(MvkeShape shape, long seed, int table, int row, float[] into, int offset) {
    TableShape t = shape.tables().get(table);
    boolean zero = row == 0 || t.side() == Side.CONTEXT;
    double spread = shape.model().startEmbedding();
    long key = Stable.mix(Stable.key(seed, t.name()) + row);
    for (int i = 0; i < t.width(); i++) {
      into[offset + i] = zero ? 0 : (float) (spread * Stable.gaussian(Stable.mix(key + i)));
    }
  }

  private static void dense(MvkeShape shape, long seed, Slot slot, float[] into) {
    ModelSettings model = shape.model();
    String name = slot.name();
    if (name.equals("kernel")) {
      orthogonal(model, Stable.key(seed, name), into, slot.offset());
    } else if (name.equals("norm.weight")) {
      fill(slot, into, 1);
    } else if (name.equals("scale")) {
      fill(slot, into, model.scaleStart());
    } else if (name.equals("bias")) {
      fill(slot, into, model.biasStart());
    } else if (name.endsWith(".weight")) {
      int[] dims = slot.dims();
      // Projections are stored [out, in], layers [in, out].
      boolean layer = name.contains(".layer.") || name.contains(".factor.");
      double spread = 1 / Math.sqrt(layer ? dims[0] : dims[1]);
      long key = Stable.key(seed, name);
      for (int i = 0; i < slot.size(); i++) {
        into[slot.offset() + i] = (float) (spread * Stable.gaussian(Stable.mix(key + i)));
      }
    }
  }

  private static void fill(Slot slot, float[] into, double value) {
    for (int i = slot.offset(); i < slot.end(); i++) {
      into[i] = (float) value;
    }
  }

  /**
   * Kernels as orthogonal rows by Gram-Schmidt on random ones. More kernels than d cannot all be
   * orthogonal: each group of d is.
   */
  private static void orthogonal(ModelSettings model, long key, float[] into, int offset) {
    int d = model.embeddingDim();
    double[][] rows = new double[model.kernels()][d];
    for (int k = 0; k < rows.length; k++) {
      for (int i = 0; i < d; i++) {
        rows[k][i] = Stable.gaussian(Stable.mix(key + (long) k * d + i));
      }
      for (int other = k / d * d; other < k; other++) {
        double along = dot(rows[k], rows[other]);
        for (int i = 0; i < d; i++) {
          rows[k][i] -= along * rows[other][i];
        }
      }
      double length = Math.sqrt(dot(rows[k], rows[k]));
      for (int i = 0; i < d; i++) {
        rows[k][i] /= length;
        into[offset + k * d + i] = (float) (model.startKernel() * rows[k][i]);
      }
    }
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }
}
