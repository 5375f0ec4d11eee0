package io.tagloom.training.trainer;

import io.tagloom.conf.CheckpointSettings;
import io.tagloom.conf.TagloomException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FSError;

/**
 * Writes and finds a run's checkpoints, as one of its workers. All workers call the same methods at
 * the same steps and come to the same result; the first one's file system decides.
 */
final class Checkpoints {
  private final CheckpointPlace place;
  private final String run;
  private final int threads;
  private final Peers peers;
  private final Consumer<Serializable> news;
  private final CheckpointFiles files;
  private String newest = "";

  /**
   * Checkpoints of a run.
   *
   * @param data a number made of the content of all samples
   */
  Checkpoints(
      CheckpointPlace place,
      String run,
      int threads,
      long data,
      Peers peers,
      Consumer<Serializable> news) {
    this.place = place;
    this.run = run;
    this.threads = threads;
    this.peers = peers;
    this.news = news;
    String folder = place.folder + "/" + place.fingerprint + "-" + Long.toHexString(data);
    try {
      this.files = new CheckpointFiles(folder, place.hadoop());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot use " + folder + " for checkpoints: " + e, e);
    }
  }

  /** The newest checkpoint that is whole; empty while there is none. */
  String newest() {
    return newest;
  }

  /**
   * Goes on from the newest checkpoint that is whole, if there is one.
   *
   * @return whether the state is now that of a checkpoint
   */
  boolean resume(TrainState state) {
    for (String name : names()) {
      String fault = firstOf(peers.gather(utf8(fault(name))));
      if (fault.isEmpty()) {
        read(name, state);
        newest = files.path(name).toString();
        return true;
      }
      tell(
          TrainNotice.warning(
              "Checkpoint "
                  + files.path(name)
                  + " is damaged: "
                  + fault
                  + ". It is deleted; training falls back to the one before, or to the start."));
      if (peers.worker() == 0) {
        // Else it would count among those that are kept.
        files.abandon(name);
      }
    }
    return false;
  }

  /** Names of the checkpoints that the first worker sees, the newest first. */
  private List<String> names() {
    String mine = "";
    if (peers.worker() == 0) {
      try {
        files.sweep();
        mine = String.join("\n", files.names());
      } catch (IOException | FSError e) {
        tell(
            TrainNotice.warning(
                "Cannot look for checkpoints in "
                    + files.folder()
                    + ": "
                    + TagloomException.reason(e)
                    + "."));
      }
    }
    List<String> names = new ArrayList<>();
    for (String name : text(peers.gather(utf8(mine)).get(0)).split("\n")) {
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return names;
  }

  /** Checks this worker's part of the files; returns what is wrong, or nothing. */
  private String fault(String name) {
    try {
      List<CheckpointManifest.Piece> pieces = files.manifest(name).pieces;
      for (int i = peers.worker(); i < pieces.size(); i += peers.workers()) {
        files.verify(name, pieces.get(i));
      }
      return "";
    } catch (IOException | FSError e) {
      return TagloomException.reason(e);
    }
  }

  private void read(String name, TrainState state) {
    try {
      CheckpointManifest manifest = files.manifest(name);
      try (DataInputStream in = files.open(name, TrainState.SHARED)) {
        state.readShared(in);
      }
      for (int writer = 0; writer < manifest.workers; writer++) {
        try (DataInputStream in = files.open(name, TrainState.rowsFile(writer))) {
          state.readRows(in, writer, manifest.workers);
        }
      }
      tell(TrainNotice.info(resumed(name, manifest)));
    } catch (IOException e) {
      // It was whole a moment ago: another start may find it whole again.
      throw new UncheckedIOException("Cannot read " + files.path(name) + ": " + e, e);
    }
  }

  private String resumed(String name, CheckpointManifest manifest) {
    String text =
        "Going on from checkpoint "
            + files.path(name)
            + ": epoch "
            + (manifest.epoch + 1)
            + ", "
            + manifest.done
            + " of its steps done.";
    if (manifest.workers != peers.workers()) {
      text +=
          " It was written by "
              + manifest.workers
              + " workers, now there are "
              + peers.workers()
              + ": in what is left of this epoch some samples may come twice and some not at all.";
    } else if (manifest.threads != threads) {
      text += " It was written by " + manifest.threads + " threads: sums round differently.";
    }
    return text;
  }

  /**
   * Writes a checkpoint, if it can.
   *
   * @param seconds of training so far
   * @return what went wrong when training is to stop for it, else nothing
   */
  String write(TrainState state, double seconds) {
    String beside = CheckpointFiles.beside(run, state.step);
    List<byte[]> parts = peers.gather(pieces(beside, state, seconds));
    List<CheckpointManifest.Piece> pieces = new ArrayList<>();
    String fault = "";
    for (byte[] part : parts) {
      fault = fault.isEmpty() ? read(part, pieces) : fault;
    }
    if (fault.isEmpty()) {
      fault = firstOf(peers.gather(utf8(finish(beside, state, pieces))));
    }
    if (fault.isEmpty()) {
      newest = files.path(CheckpointFiles.name(state.step)).toString();
      return "";
    }
    if (peers.worker() == 0) {
      files.abandon(beside);
    }
    return failed(state.step, fault);
  }

  private String failed(long step, String fault) {
    String text =
        "Cannot write the checkpoint of step "
            + step
            + " to "
            + files.folder()
            + ": "
            + fault
            + ". "
            + (newest.isEmpty() ? "There is none yet." : "The newest one stays: " + newest + ".");
    if (place.settings.onFailure() == CheckpointSettings.OnFailure.STOP) {
      return text + " Make room and run again, or set training.checkpoint.on-failure = continue.";
    }
    tell(TrainNotice.warning(text + " Training goes on."));
    return "";
  }

  /** Writes this worker's files; returns their names and checksums, or what went wrong. */
  private byte[] pieces(String beside, TrainState state, double seconds) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      try {
        List<CheckpointManifest.Piece> pieces = new ArrayList<>();
        if (peers.worker() == 0) {
          pieces.add(
              files.write(beside, TrainState.SHARED, file -> state.writeShared(file, seconds)));
        }
        pieces.add(files.write(beside, TrainState.rowsFile(peers.worker()), state::writeRows));
        out.writeUTF("");
        out.writeInt(pieces.size());
        for (CheckpointManifest.Piece piece : pieces) {
          out.writeUTF(piece.name);
          out.writeLong(piece.bytes);
          out.writeLong(piece.checksum);
        }
      } catch (IOException | FSError e) {
        out.writeUTF(TagloomException.reason(e));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static String read(byte[] part, List<CheckpointManifest.Piece> into) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(part))) {
      String fault = in.readUTF();
      for (int left = fault.isEmpty() ? in.readInt() : 0; left > 0; left--) {
        into.add(new CheckpointManifest.Piece(in.readUTF(), in.readLong(), in.readLong()));
      }
      return fault;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first worker gives the checkpoint its name; returns what went wrong, or nothing. */
  private String finish(String beside, TrainState state, List<CheckpointManifest.Piece> pieces) {
    if (peers.worker() != 0) {
      return "";
    }
    try {
      files.finish(
          beside,
          new CheckpointManifest(
              peers.workers(), threads, state.step, state.epoch, state.sums.done, pieces));
    } catch (IOException | FSError e) {
      return TagloomException.reason(e);
    }
    try {
      files.prune(place.settings.keep());
    } catch (IOException | FSError e) {
      tell(
          TrainNotice.warning(
              "Cannot delete old checkpoints: " + TagloomException.reason(e) + "."));
    }
    return "";
  }

  private void tell(TrainNotice notice) {
    if (peers.worker() == 0) {
      news.accept(notice);
    }
  }

  private static String firstOf(List<byte[]> texts) {
    Optional<String> first =
        texts.stream().map(Checkpoints::text).filter(text -> !text.isEmpty()).findFirst();
    return first.orElse("");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
