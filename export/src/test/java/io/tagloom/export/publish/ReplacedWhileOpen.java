package io.tagloom.export.publish;

import java.io.IOException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local file system, on which something happens once a file has been opened. */
public final class ReplacedWhileOpen extends LocalFileSystem {
  static Step next = () -> {};

  public ReplacedWhileOpen() {
    super(new Raw());
  }

  /** What happens. */
  interface Step {
    void run() throws IOException;
  }

  private static final class Raw extends RawLocalFileSystem {
    @Override
    public FSDataInputStream open(Path file, int bufferSize) throws IOException {
      FSDataInputStream in = super.open(file, bufferSize);
      Step step = next;
      next = () -> {};
      step.run();
      return in;
    }
  }
}
