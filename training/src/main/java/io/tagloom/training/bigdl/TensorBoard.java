package io.tagloom.training.bigdl;

import com.intel.analytics.bigdl.utils.Engine$;
import com.intel.analytics.bigdl.visualization.Summary;
import com.intel.analytics.bigdl.visualization.TrainSummary;
import com.intel.analytics.bigdl.visualization.ValidationSummary;
import com.intel.analytics.bigdl.visualization.tensorboard.FileReader;

/**
 * TensorBoard event files of one run, written by BigDL's own summaries: {@code APP/train} and
 * {@code APP/validation} below a folder on any Hadoop file system. They are written by threads of
 * BigDL's; a start adds files and never changes old ones.
 */
public final class TensorBoard implements AutoCloseable {
  private static final String END = "end";
  private static final int PAUSE_MILLIS = 50;
  private static final int MOST_PAUSES = 100;

  private final String folder;
  private final Summary train;
  private final Summary validation;
  private long lastStep;

  /**
   * Opens the two files.
   *
   * @param folder where the run's folder goes; a local one as a plain path, any other with its
   *     scheme, since BigDL does not know Spark's settings of file systems
   * @param app name of the run's folder
   */
  public TensorBoard(String folder, String app) {
    startEngine();
    this.folder = folder + "/" + app;
    this.train = new TrainSummary(folder, app);
    this.validation = new ValidationSummary(folder, app);
  }

  /** The summaries' threads are of BigDL's engine, which nobody may have started on the driver. */
  private static void startEngine() {
    try {
      Engine$.MODULE$.coreNumber();
    } catch (IllegalArgumentException e) {
      Engine$.MODULE$.setNodeAndCore(1, 1);
    }
  }

  /** Adds a number of training, such as a loss, at a step. */
  public void train(String tag, double value, long step) {
    lastStep = step;
    train.addScalar(tag, (float) value, step);
  }

  /** Adds a number of validation, such as an AUC, at a step. */
  public void validation(String tag, double value, long step) {
    lastStep = step;
    validation.addScalar(tag, (float) value, step);
  }

  /** Ends the files and waits until they can be read. */
  @Override
  public void close() {
    close(train, folder + "/train");
    close(validation, folder + "/validation");
  }

  private void close(Summary summary, String path) {
    int before = ends(path);
    summary.close();
    // The writing thread sees that it is to end only when it gets an event, and tells nobody.
    summary.addScalar(END, 1, lastStep);
    for (int pauses = 0; pauses < MOST_PAUSES && ends(path) <= before; pauses++) {
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** How many files of a folder have been ended. */
  private static int ends(String path) {
    try {
      return FileReader.readScalar(path, END).length;
    } catch (Exception e) {
      // A file that is being written ends somewhere.
      return 0;
    }
  }
}
