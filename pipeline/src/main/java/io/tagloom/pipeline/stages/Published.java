package io.tagloom.pipeline.stages;

import io.tagloom.conf.TagloomException;
import io.tagloom.export.Publications;
import java.io.IOException;
import org.apache.hadoop.fs.Path;

/** The published tables of a run's folder, for reading. */
final class Published {
  private Published() {}

  /**
   * Reads the tables.
   *
   * @throws IllegalStateException when the file system fails
   */
  static <T> T read(Run run, Reading<T> reading) {
    Path root = new Path(run.settings().run().root());
    try {
      return reading.of(Publications.under(run.fileSystem(root).getConf(), root.toString()));
    } catch (IOException e) {
      throw new IllegalStateException(
          "Cannot read the tables of "
              + root
              + ": "
              + TagloomException.reason(e)
              + ". Look at the folder.",
          e);
    }
  }

  /** What is read. */
  interface Reading<T> {
    T of(Publications tables) throws IOException;
  }
}
