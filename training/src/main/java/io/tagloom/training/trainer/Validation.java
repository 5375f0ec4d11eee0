package io.tagloom.training.trainer;

import io.tagloom.conf.TaskSettings;
import io.tagloom.features.blocks.Block;
import io.tagloom.training.evaluation.LogitHistogram;
import io.tagloom.training.evaluation.ScoredRows;
import io.tagloom.training.evaluation.TaskTargets;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/** The validation metric of all workers together, after an epoch. */
final class Validation {
  private final MvkeShape shape;
  private final List<Block> blocks;
  private final BlockScorer[] scorers;

  Validation(MvkeShape shape, List<Block> blocks, int threads) {
    this.shape = shape;
    this.blocks = blocks;
    this.scorers = new BlockScorer[threads];
    for (int i = 0; i < threads; i++) {
      scorers[i] = new BlockScorer(shape);
    }
  }

  /** One histogram per task over the validation samples of all workers; waits for all. */
  LogitHistogram[] run(Crew crew, Peers peers, MvkeParameters parameters) {
    LogitHistogram[] sums = histograms();
    LogitHistogram[][] parts = new LogitHistogram[crew.size()][];
    crew.run(thread -> parts[thread] = score(parameters, thread, crew.size()));
    ByteArrayOutputStream mine = new ByteArrayOutputStream();
    for (int task = 0; task < sums.length; task++) {
      for (LogitHistogram[] part : parts) {
        sums[task].add(part[task]);
      }
      byte[] bytes = sums[task].toBytes();
      mine.write(bytes, 0, bytes.length);
    }
    LogitHistogram[] all = histograms();
    for (byte[] piece : peers.gather(mine.toByteArray())) {
      ByteBuffer bytes = ByteBuffer.wrap(piece);
      for (LogitHistogram sum : all) {
        sum.add(LogitHistogram.fromBytes(bytes));
      }
    }
    return all;
  }

  private LogitHistogram[] score(MvkeParameters parameters, int thread, int threads) {
    LogitHistogram[] histograms = histograms();
    for (int i = thread; i < blocks.size(); i += threads) {
      Block block = blocks.get(i);
      float[][] logits = scorers[thread].logits(parameters, block);
      for (int t = 0; t < histograms.length; t++) {
        TaskSettings task = shape.model().tasks().get(t);
        add(histograms[t], TaskTargets.scored(block, task, t, logits[t]));
      }
    }
    return histograms;
  }

  private static void add(LogitHistogram histogram, ScoredRows rows) {
    histogram.add(rows.logits(), rows.targets(), rows.weights());
  }

  private LogitHistogram[] histograms() {
    LogitHistogram[] histograms = new LogitHistogram[shape.tasks()];
    for (int i = 0; i < histograms.length; i++) {
      histograms[i] = new LogitHistogram();
    }
    return histograms;
  }
}
