package io.tagloom.training;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.tagloom.conf.InputException;
import io.tagloom.training.models.MvkeParameters;
import io.tagloom.training.models.MvkeShape;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A model on any Hadoop file system: {@code bundle.json} (settings, fields, vocabulary fingerprint,
 * data days, epochs, versions, checksum) and {@code weights.bin} (all weights as little-endian
 * floats: dense, then table after table). Immutable.
 */
public final class ModelBundle {
  private static final String INFO = "bundle.json";
  private static final String WEIGHTS = "weights.bin";
  private static final int CHUNK = 1 << 16;

  private final BundleInfo info;
  private final MvkeShape shape;
  private final MvkeParameters parameters;

  ModelBundle(BundleInfo info, MvkeParameters parameters) {
    this.info = info;
    this.shape = info.shape();
    this.parameters = parameters;
  }

  /** What the model is and where it comes from. */
  public BundleInfo info() {
    return info;
  }

  /** The shape of the model. */
  public MvkeShape shape() {
    return shape;
  }

  /** The weights. Not a copy. */
  public MvkeParameters parameters() {
    return parameters;
  }

  ModelBundle with(BundleInfo other) {
    return new ModelBundle(other, parameters);
  }

  /**
   * Writes the two files into a folder; {@code bundle.json} comes last, so that a folder without it
   * is not a bundle.
   *
   * @throws IOException if the folder cannot be written to
   */
  void write(Configuration hadoop, String folder) throws IOException {
    Path path = new Path(folder);
    FileSystem files = path.getFileSystem(hadoop);
    CRC32 sum = new CRC32();
    try (OutputStream out =
        new CheckedOutputStream(files.create(new Path(path, WEIGHTS), true), sum)) {
      writeFloats(out, parameters.dense());
      for (int t = 0; t < parameters.tables(); t++) {
        writeFloats(out, parameters.table(t));
      }
    }
    try (OutputStream out = files.create(new Path(path, INFO), true)) {
      out.write(info.json(Long.toHexString(sum.getValue())).getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void writeFloats(OutputStream out, float[] values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      bytes.asFloatBuffer().put(values, from, count);
      out.write(bytes.array(), 0, 4 * count);
    }
  }

  /**
   * Reads a bundle.
   *
   * @throws InputException if there is none, if it is of another format, or if its weights do not
   *     fit its settings or their checksum
   */
  public static ModelBundle load(Configuration hadoop, String folder) {
    Path path = new Path(folder);
    try {
      FileSystem files = path.getFileSystem(hadoop);
      Config json = readInfo(files, path);
      BundleInfo info = BundleInfo.parse(json);
      MvkeParameters parameters = MvkeParameters.zeros(info.shape());
      CRC32 sum = new CRC32();
      try (DataInputStream in =
          new DataInputStream(new CheckedInputStream(files.open(new Path(path, WEIGHTS)), sum))) {
        readFloats(in, parameters.dense());
        for (int t = 0; t < parameters.tables(); t++) {
          readFloats(in, parameters.table(t));
        }
        if (in.read() >= 0
            || !Long.toHexString(sum.getValue()).equals(json.getString("weights_checksum"))) {
          throw damaged(folder, "weights.bin does not fit its checksum");
        }
      }
      return new ModelBundle(info, parameters);
    } catch (ConfigException e) {
      throw damaged(folder, e.getMessage());
    } catch (IOException e) {
      throw damaged(folder, e.toString());
    }
  }

  private static Config readInfo(FileSystem files, Path path) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (InputStream in = files.open(new Path(path, INFO))) {
      byte[] chunk = new byte[CHUNK];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        text.write(chunk, 0, n);
      }
    } catch (FileNotFoundException e) {
      throw new InputException(
          "Cannot load the model: "
              + path
              + " has no bundle.json. Train first, or check the date and run.root.");
    }
    Config json = ConfigFactory.parseString(text.toString("UTF-8"));
    if (json.getInt("format") != BundleInfo.FORMAT) {
      throw new InputException(
          "Cannot load the model: "
              + path
              + " is of format "
              + json.getInt("format")
              + ", this version reads "
              + BundleInfo.FORMAT
              + ". Train again.");
    }
    return json;
  }

  private static void readFloats(DataInputStream in, float[] into) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < into.length; from += CHUNK) {
      int count = Math.min(CHUNK, into.length - from);
      in.readFully(bytes.array(), 0, 4 * count);
      bytes.asFloatBuffer().get(into, from, count);
    }
  }

  private static InputException damaged(String folder, String reason) {
    return new InputException(
        "Cannot load the model in "
            + folder
            + ": "
            + reason
            + ". Train again, or use the bundle of another date.");
  }

  /**
   * Refuses data that other vocabularies have encoded: its ids would mean other values.
   *
   * @param fingerprint fingerprint of the vocabularies of the data
   * @throws InputException if it is not that of the training data
   */
  public void checkVocabulary(String fingerprint) {
    if (!info.fingerprint().equals(fingerprint)) {
      throw new InputException(
          "Cannot use model "
              + info.id()
              + ": it was trained with vocabularies "
              + info.fingerprint()
              + ", the data is encoded with "
              + fingerprint
              + ". Encode with the encoder saved beside the model, or train again.");
    }
  }
}
