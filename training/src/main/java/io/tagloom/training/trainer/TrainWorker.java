package io.tagloom.training.trainer;

import io.tagloom.features.blocks.Block;
import io.tagloom.training.evaluation.LogitHistogram;
import io.tagloom.training.models.Batch;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.TrainStep;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One worker's run from its blocks to the trained weights. */
final class TrainWorker {
  private final TrainPlan plan;
  private final Peers peers;
  private final Crew crew;
  private final Consumer<Serializable> news;
  private final SampleShare share;
  private final StepSizes sizes;
  private final WeightUpdate update;
  private final Replicas replicas;
  private final Validation validation;
  private final MvkeParameters parameters;
  private final BestWeights best;
  private final List<Block> watched;
  private final List<EpochReport> reports = new ArrayList<>();
  private long step;

  TrainWorker(
      TrainPlan plan,
      Peers peers,
      Crew crew,
      List<Block> train,
      List<Block> valid,
      Consumer<Serializable> news) {
    this.plan = plan;
    this.peers = peers;
    this.crew = crew;
    this.news = news;
    this.share = new SampleShare(train);
    this.sizes = new StepSizes(rowsOfAll(), plan.training.batchSize());
    this.parameters = plan.firstWeights();
    this.update = new WeightUpdate(plan, peers, crew);
    this.replicas = new Replicas(plan.shape, crew.size());
    this.validation = new Validation(plan.shape, valid, crew.size());
    this.watched = valid.isEmpty() ? train : valid;
    this.best = new BestWeights(plan.training.earlyStoppingEpochs());
  }

  private long[] rowsOfAll() {
    ByteBuffer mine = ByteBuffer.allocate(8);
    mine.putLong(0, share.rows());
    List<byte[]> all = peers.gather(mine.array());
    long[] rows = new long[all.size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = ByteBuffer.wrap(all.get(i)).getLong();
    }
    return rows;
  }

  /** Trains; the same in every worker. */
  WorkerOutcome run() {
    if (sizes.total() == 0) {
      return WorkerOutcome.failed(
          peers.worker(),
          WorkerOutcome.Failure.NO_SAMPLES,
          "Cannot train: there is no sample of split train. Check the days and samples.split.");
    }
    update.start();
    StepWeights weights = peers.workers() == 1 ? null : new StepWeights(plan.shape, share);
    StopClock clock = new StopClock(peers, plan.training.timeBudgetMinutes());
    try (BatchFeed feed = new BatchFeed(plan.shape, share)) {
      for (int epoch = 0; epoch < plan.training.epochs(); epoch++) {
        EpochRun run = new EpochRun(epoch, feed, weights);
        String failure = run.steps(clock);
        if (!failure.isEmpty()) {
          return WorkerOutcome.failed(peers.worker(), WorkerOutcome.Failure.DIVERGED, failure);
        }
        boolean enough = best.see(run.report(), parameters);
        if (enough || clock.over()) {
          break;
        }
      }
    }
    int pieces = peers.worker() == 0 ? WeightPieces.offer(plan.run, best.weights(parameters)) : 0;
    return WorkerOutcome.done(peers.worker(), reports, pieces);
  }

  /** One pass over the samples. */
  private final class EpochRun {
    private final int epoch;
    private final BatchFeed feed;
    private final double[][] sums;
    private final double[] losses = new double[plan.shape.tasks()];
    private final double[] weights = new double[plan.shape.tasks()];
    private final long start = System.nanoTime();
    private long samples;
    private int done;
    private long lastNews = start;
    private double seconds;
    private long stepNanos;
    private long updateNanos;

    EpochRun(int epoch, BatchFeed feed, StepWeights stepWeights) {
      this.epoch = epoch;
      this.feed = feed;
      this.sums = stepWeights == null ? null : stepWeights.sums(order(), sizes, peers);
    }

    private SampleShare.Order order() {
      return share.order(plan.seed, epoch, plan.training.shuffleWindowBlocks());
    }

    /** Trains on all batches; returns what went wrong, or nothing. */
    String steps(StopClock clock) {
      SampleShare.Order order = order();
      feed.prepare(order, sizes.size(peers.worker(), 0));
      while (done < sizes.steps() && !clock.over()) {
        Batch batch = feed.take();
        if (done + 1 < sizes.steps()) {
          feed.prepare(order, sizes.size(peers.worker(), done + 1));
        }
        String failure = step(batch);
        if (!failure.isEmpty()) {
          return failure;
        }
        samples += sizes.size(done);
        done++;
        tell();
        clock.tick(done);
      }
      seconds = (System.nanoTime() - start) / 1e9;
      return "";
    }

    private String step(Batch batch) {
      step++;
      String fault = "";
      long before = System.nanoTime();
      try {
        replicas.step(crew, parameters, batch, trainStep(batch));
      } catch (ArithmeticException e) {
        // The others wait at the barrier: they learn of it by the sum of the gradients.
        fault = " " + e.getMessage();
        replicas.gradients()[0].dense()[0] = Float.NaN;
      }
      long between = System.nanoTime();
      double norm = update.apply(parameters, replicas, step, epoch);
      stepNanos += between - before;
      updateNanos += System.nanoTime() - between;
      for (int t = 0; t < losses.length; t++) {
        losses[t] += replicas.lossSum(t);
        weights[t] += replicas.weightSum(t);
      }
      return WeightUpdate.finite(norm) ? "" : diverged(norm, fault);
    }

    private TrainStep trainStep(Batch batch) {
      if (sums == null) {
        return TrainStep.of(batch, plan.seed, step);
      }
      int before = sizes.before(peers.worker(), done);
      return new TrainStep(plan.seed, step, before, sizes.size(done), sums[done]);
    }

    private String diverged(double norm, String fault) {
      return "Cannot go on training: the gradient's norm is "
          + norm
          + " at step "
          + step
          + " (epoch "
          + (epoch + 1)
          + ", rate "
          + update.rate(step, epoch)
          + ")."
          + fault
          + " Lower training.optimizer.learning-rate, add warm-up-steps or set clip-norm.";
    }

    private void tell() {
      long now = System.nanoTime();
      if (peers.worker() == 0 && (now - lastNews > 1_000_000_000L)) {
        lastNews = now;
        double elapsed = (now - start) / 1e9;
        double left = (double) sizes.steps() * (plan.training.epochs() - epoch) - done;
        news.accept(
            new TrainProgress(
                epoch + 1,
                plan.training.epochs(),
                done,
                sizes.steps(),
                samples / elapsed,
                means(losses, weights),
                update.rate(step, epoch),
                left * elapsed / done));
      }
    }

    /** Validates and reports; waits for all workers. */
    EpochReport report() {
      ByteBuffer mine = ByteBuffer.allocate(16 * losses.length);
      for (int t = 0; t < losses.length; t++) {
        mine.putDouble(losses[t]).putDouble(weights[t]);
      }
      double[] lossSums = new double[losses.length];
      double[] weightSums = new double[losses.length];
      for (byte[] piece : peers.gather(mine.array())) {
        ByteBuffer bytes = ByteBuffer.wrap(piece);
        for (int t = 0; t < losses.length; t++) {
          lossSums[t] += bytes.getDouble();
          weightSums[t] += bytes.getDouble();
        }
      }
      double[] means = means(lossSums, weightSums);
      LogitHistogram[] valid = validation.run(crew, peers, parameters);
      List<EpochReport.Task> tasks = new ArrayList<>();
      for (int t = 0; t < losses.length; t++) {
        tasks.add(
            new EpochReport.Task(
                plan.shape.model().tasks().get(t).name(),
                means[t],
                valid[t].rows(),
                valid[t].auc(),
                valid[t].logLoss()));
      }
      EpochReport report =
          new EpochReport(
              epoch + 1,
              done,
              samples,
              seconds,
              stepNanos / 1e9,
              updateNanos / 1e9,
              update.rate(step, epoch),
              best.improves(EpochReport.metric(tasks)),
              tasks,
              ExpertHealth.of(plan.shape, parameters, watched));
      reports.add(report);
      if (peers.worker() == 0) {
        news.accept(report);
      }
      return report;
    }
  }

  private static double[] means(double[] sums, double[] weights) {
    double[] means = new double[sums.length];
    for (int i = 0; i < means.length; i++) {
      means[i] = sums[i] / weights[i];
    }
    return means;
  }
}
