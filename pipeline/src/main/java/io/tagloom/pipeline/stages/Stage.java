package io.tagloom.pipeline.stages;

import io.tagloom.pipeline.console.Report;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;

/**
 * One stage of a night: a function of settings, date and what the stages before it have written.
 */
interface Stage {
  /** The stage's name, which is its command. */
  String name();

  /** What the stage does for the run's date, in a few words, for Spark's web pages and progress. */
  String text(Run run);

  /**
   * Adds all that the stage's outputs depend on, but for the stage before it.
   *
   * @param run the run
   * @param inputs where to add it
   * @throws IOException when inputs cannot be listed
   */
  void addTo(StageInputs inputs, Run run) throws IOException;

  /** What the stage leaves behind; it is done only while all of these exist. */
  List<Path> outputs(Run run);

  /** Whether what the stage left behind is still as it left it, where something else changes it. */
  default boolean isWhole(Run run) {
    return true;
  }

  /**
   * Does the work. Refuses when an input is missing; replaces its outputs whole.
   *
   * @param run the run
   * @return rows, metrics and paths
   */
  Report work(Run run);
}
