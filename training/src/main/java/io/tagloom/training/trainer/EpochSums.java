package io.tagloom.training.trainer;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How far an epoch is, and what has come together in it. */
final class EpochSums {
  /** Steps done. */
  int done;

  /** Samples of all workers in them. */
  long samples;

  /** Nanoseconds of the steps, of which in forward and backward passes, and in the update. */
  long nanos;

  long stepNanos;
  long updateNanos;

  /** By task, over this worker's samples: weighted losses, and weights. */
  final double[] losses;

  final double[] weights;

  EpochSums(int tasks) {
    losses = new double[tasks];
    weights = new double[tasks];
  }

  /** Writes what all workers share. */
  void writeShared(DataOutput out) throws IOException {
    out.writeInt(done);
    out.writeLong(samples);
    out.writeLong(nanos);
    out.writeLong(stepNanos);
    out.writeLong(updateNanos);
  }

  void readShared(DataInput in) throws IOException {
    done = in.readInt();
    samples = in.readLong();
    nanos = in.readLong();
    stepNanos = in.readLong();
    updateNanos = in.readLong();
  }

  /** Writes what is this worker's own. */
  void writeOwn(DataOutput out) throws IOException {
    for (int t = 0; t < losses.length; t++) {
      out.writeDouble(losses[t]);
      out.writeDouble(weights[t]);
    }
  }

  /**
   * Adds what a worker has written.
   *
   * @param take whether to; else it is read and left
   */
  void addOwn(DataInput in, boolean take) throws IOException {
    for (int t = 0; t < losses.length; t++) {
      double loss = in.readDouble();
      double weight = in.readDouble();
      if (take) {
        losses[t] += loss;
        weights[t] += weight;
      }
    }
  }
}
