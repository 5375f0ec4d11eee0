package io.tagloom.training.trainer;

import io.tagloom.features.blocks.Block;
import io.tagloom.training.evaluation.LogitHistogram;
import io.tagloom.training.models.Batch;
import io.tagloom.training.models.TrainStep;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** One worker's run from its blocks to the trained weights. */
final class TrainWorker {
  private final TrainPlan plan;
  private final Peers peers;
  private final Crew crew;
  private final Consumer<Serializable> news;
  private final BlockShelf train;
  private final SampleShare share;
  private final StepSizes sizes;
  private final int epochs;
  private final WeightUpdate update;
  private final Replicas replicas;
  private final Validation validation;
  private final List<Block> watched;
  private final TrainState state;
  private final Optional<Checkpoints> checkpoints;
  private StopClock clock;
  private String fault = "";

  TrainWorker(
      TrainPlan plan,
      Peers peers,
      Crew crew,
      BlockShelf train,
      BlockShelf valid,
      Consumer<Serializable> news) {
    this.plan = plan;
    this.peers = peers;
    this.crew = crew;
    this.news = news;
    this.train = train;
    this.share = new SampleShare(train);
    ByteBuffer mine = ByteBuffer.allocate(16);
    // A sum: who has which block does not count.
    mine.putLong(share.rows()).putLong(train.content() + valid.content());
    List<byte[]> all = peers.gather(mine.array());
    long[] rows = new long[all.size()];
    long data = 0;
    for (int i = 0; i < rows.length; i++) {
      ByteBuffer bytes = ByteBuffer.wrap(all.get(i));
      rows[i] = bytes.getLong();
      data += bytes.getLong();
    }
    this.sizes = new StepSizes(rows, plan.training.batchSize());
    this.epochs = plan.training.epochs(Math.max(1, sizes.steps()));
    this.update = new WeightUpdate(plan, peers, crew, (long) sizes.steps() * epochs);
    this.replicas = new Replicas(plan.shape, crew.size());
    this.validation = new Validation(plan.shape, valid, crew.size());
    this.watched = valid.isEmpty() ? train : valid;
    plan.anchor(peers, update.dense().state(), update.tables().state());
    this.state =
        new TrainState(
            plan.shape,
            peers,
            plan.firstWeights(),
            update.dense().state(),
            update.tables().state(),
            new BestWeights(plan.training.earlyStoppingEpochs()),
            new ExplosionGuard(plan.training.guard(), plan.shape.tasks()));
    long number = data;
    this.checkpoints =
        plan.checkpoints()
            .map(place -> new Checkpoints(place, plan.run, plan.threads, number, peers, news));
  }

  /** Trains; the same in every worker. */
  WorkerOutcome run() {
    if (sizes.total() == 0) {
      return WorkerOutcome.failed(
          peers.worker(),
          WorkerOutcome.Failure.NO_SAMPLES,
          "Cannot train: there is no sample of split train. Check the days and samples.split.");
    }
    tellOfDisk();
    update.start();
    WorkerOutcome outcome = train();
    update.finish();
    return outcome;
  }

  private WorkerOutcome train() {
    boolean resumed = checkpoints.isPresent() && checkpoints.get().resume(state);
    clock =
        new StopClock(
            peers,
            plan.training.timeBudgetMinutes(),
            checkpoints.isPresent() ? plan.training.checkpoint().minutes() : 0,
            state.secondsBefore);
    StepWeights weights = peers.workers() == 1 ? null : new StepWeights(plan.shape, share);
    try (BatchFeed feed = new BatchFeed(plan.shape, share)) {
      for (boolean enough = false; !enough && state.epoch < epochs; ) {
        if (!resumed) {
          state.sums = new EpochSums(plan.shape.tasks());
        }
        resumed = false;
        EpochRun run = new EpochRun(feed, weights);
        Optional<WorkerOutcome> failure = run.steps();
        if (failure.isPresent()) {
          return failure.get();
        }
        enough = state.best.see(run.report(), state.parameters) || clock.over();
        state.epoch++;
      }
    }
    int pieces =
        peers.worker() == 0
            ? WeightPieces.offer(plan.run, state.best.weights(state.parameters))
            : 0;
    return WorkerOutcome.done(peers.worker(), state.reports, pieces);
  }

  private void tellOfDisk() {
    if (peers.worker() == 0 && train.spilled() > 0) {
      news.accept(
          TrainNotice.info(
              "Of "
                  + train.size()
                  + " training blocks of the first worker, "
                  + train.spilled()
                  + " ("
                  + (train.spilledBytes() >> 20)
                  + " MB) wait on its local disk; training.block-memory-share is "
                  + plan.training.blockMemoryShare()
                  + "."));
    }
  }

  private Optional<WorkerOutcome> save() {
    int every = plan.training.checkpoint().steps();
    boolean due = clock.checkpointDue() || (every > 0 && state.step % every == 0);
    if (!due || !checkpoints.isPresent()) {
      return Optional.empty();
    }
    String failure = checkpoints.get().write(state, clock.seconds());
    return failure.isEmpty()
        ? Optional.empty()
        : Optional.of(
            WorkerOutcome.failed(peers.worker(), WorkerOutcome.Failure.NO_CHECKPOINT, failure));
  }

  /** One pass over the samples, or what is left of it. */
  private final class EpochRun {
    private final int epoch = state.epoch;
    private final EpochSums sums = state.sums;
    private final BatchFeed feed;
    private final double[][] stepWeights;
    private final long start = System.nanoTime() - sums.nanos;
    private long lastNews = System.nanoTime();

    EpochRun(BatchFeed feed, StepWeights weights) {
      this.feed = feed;
      this.stepWeights = weights == null ? null : weights.sums(order(), sizes, peers);
    }

    private SampleShare.Order order() {
      return share.order(plan.seed, epoch, plan.training.shuffleWindowBlocks());
    }

    /** Trains on all batches that are left; returns what went wrong, if anything. */
    Optional<WorkerOutcome> steps() {
      SampleShare.Order order = order();
      for (int step = 0; step < sums.done; step++) {
        order.next(sizes.size(peers.worker(), step));
      }
      if (sums.done < sizes.steps()) {
        feed.prepare(order, sizes.size(peers.worker(), sums.done));
      }
      while (sums.done < sizes.steps() && !clock.over()) {
        Batch batch = feed.take();
        if (sums.done + 1 < sizes.steps()) {
          feed.prepare(order, sizes.size(peers.worker(), sums.done + 1));
        }
        String exploded = step(batch);
        if (!exploded.isEmpty()) {
          return Optional.of(diverged(exploded));
        }
        sums.samples += sizes.size(sums.done);
        sums.done++;
        sums.nanos = System.nanoTime() - start;
        tell();
        clock.tick(sums.done);
        Optional<WorkerOutcome> unsaved = save();
        if (unsaved.isPresent()) {
          return unsaved;
        }
      }
      return Optional.empty();
    }

    /** One step; returns what has exploded, or nothing. */
    private String step(Batch batch) {
      state.step++;
      long before = System.nanoTime();
      try {
        replicas.step(crew, state.parameters, batch, trainStep(batch));
        fault = lossFault();
      } catch (ArithmeticException e) {
        fault = e.getMessage();
      }
      if (!fault.isEmpty()) {
        // The others wait at the barrier: they learn of it by the sum of the gradients.
        replicas.gradients()[0].dense()[0] = Float.NaN;
      }
      long between = System.nanoTime();
      double norm = update.apply(state.parameters, replicas, state.step, epoch);
      sums.stepNanos += between - before;
      sums.updateNanos += System.nanoTime() - between;
      for (int t = 0; t < sums.losses.length; t++) {
        sums.losses[t] += replicas.lossSum(t);
        sums.weights[t] += replicas.weightSum(t);
      }
      if (!WeightUpdate.finite(norm)) {
        return "the gradient's norm is " + norm;
      }
      return state.guard.norm(norm).orElse("");
    }

    private String lossFault() {
      for (int t = 0; t < sums.losses.length; t++) {
        double mean = replicas.lossSum(t) / replicas.weightSum(t);
        Optional<String> fault =
            state.guard.loss(t, plan.shape.model().tasks().get(t).name(), mean);
        if (fault.isPresent()) {
          return fault.get();
        }
      }
      return "";
    }

    private TrainStep trainStep(Batch batch) {
      if (stepWeights == null) {
        return TrainStep.of(batch, plan.seed, state.step);
      }
      int before = sizes.before(peers.worker(), sums.done);
      return new TrainStep(
          plan.seed, state.step, before, sizes.size(sums.done), stepWeights[sums.done]);
    }

    private WorkerOutcome diverged(String exploded) {
      String where =
          " at step "
              + state.step
              + " (epoch "
              + (epoch + 1)
              + ", rate "
              + update.rate(state.step, epoch)
              + ").";
      String cause =
          fault.isEmpty()
              ? Blame.text(plan.shape, state.parameters, replicas.gradients()[0])
              : fault;
      String newest = checkpoints.map(Checkpoints::newest).orElse("");
      String text =
          "Cannot go on training: "
              + exploded
              + where
              + " "
              + cause
              + " Lower training.optimizer.learning-rate, add warm-up-steps or set clip-norm."
              + (newest.isEmpty() ? "" : " The last good checkpoint stays: " + newest + ".");
      return WorkerOutcome.diverged(peers.worker(), text, !fault.isEmpty());
    }

    private void tell() {
      long now = System.nanoTime();
      if (peers.worker() == 0 && (now - lastNews > 1_000_000_000L)) {
        lastNews = now;
        double elapsed = sums.nanos / 1e9;
        double left = (double) sizes.steps() * (epochs - epoch) - sums.done;
        news.accept(
            new TrainProgress(
                epoch + 1,
                epochs,
                sums.done,
                sizes.steps(),
                state.step,
                sums.samples / elapsed,
                means(sums.losses, sums.weights),
                update.rate(state.step, epoch),
                left * elapsed / sums.done));
      }
    }

    /** Validates and reports; waits for all workers. */
    EpochReport report() {
      ByteBuffer mine = ByteBuffer.allocate(16 * sums.losses.length);
      for (int t = 0; t < sums.losses.length; t++) {
        mine.putDouble(sums.losses[t]).putDouble(sums.weights[t]);
      }
      double[] lossSums = new double[sums.losses.length];
      double[] weightSums = new double[sums.losses.length];
      for (byte[] piece : peers.gather(mine.array())) {
        ByteBuffer bytes = ByteBuffer.wrap(piece);
        for (int t = 0; t < lossSums.length; t++) {
          lossSums[t] += bytes.getDouble();
          weightSums[t] += bytes.getDouble();
        }
      }
      double[] means = means(lossSums, weightSums);
      LogitHistogram[] valid = validation.run(crew, peers, state.parameters);
      List<EpochReport.Task> tasks = new ArrayList<>();
      for (int t = 0; t < sums.losses.length; t++) {
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
              sums.done,
              sums.samples,
              sums.nanos / 1e9,
              sums.stepNanos / 1e9,
              sums.updateNanos / 1e9,
              update.rate(state.step, epoch),
              state.best.improves(EpochReport.metric(tasks), valid),
              tasks,
              ExpertHealth.of(plan.shape, state.parameters, watched));
      state.reports.add(report);
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
