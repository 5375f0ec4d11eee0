package io.tagloom.training.trainer;

import io.tagloom.conf.CheckpointSettings;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SerializableWritable;

/** Where a run keeps its checkpoints, and which run they belong to. Immutable. */
final class CheckpointPlace implements Serializable {
  private static final long serialVersionUID = 1L;

  final String folder;
  final String fingerprint;
  final CheckpointSettings settings;
  private final SerializableWritable<Configuration> hadoop;

  /**
   * A place.
   *
   * @param fingerprint of everything besides the data that decides what is learned
   */
  CheckpointPlace(
      String folder, String fingerprint, CheckpointSettings settings, Configuration hadoop) {
    this.folder = folder;
    this.fingerprint = fingerprint;
    this.settings = settings;
    this.hadoop = new SerializableWritable<>(hadoop);
  }

  Configuration hadoop() {
    return hadoop.value();
  }
}
