package io.tagloom.training.trainer;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * What a checkpoint holds: {@code checkpoint.json}, written last, with a checksum of each file and
 * of itself. Immutable.
 */
final class CheckpointManifest {
  static final String FILE = "checkpoint.json";
  private static final int FORMAT = 1;

  /** A file of a checkpoint. */
  static final class Piece {
    final String name;
    final long bytes;
    final long checksum;

    Piece(String name, long bytes, long checksum) {
      this.name = name;
      this.bytes = bytes;
      this.checksum = checksum;
    }
  }

  final int workers;
  final int threads;
  final long step;
  final int epoch;
  final int done;
  final List<Piece> pieces;

  /**
   * A manifest.
   *
   * @param workers workers that wrote it
   * @param threads compute threads of each
   * @param step steps done in the run
   * @param epoch epoch that is under way, from 0
   * @param done steps done in it
   */
  CheckpointManifest(int workers, int threads, long step, int epoch, int done, List<Piece> pieces) {
    this.workers = workers;
    this.threads = threads;
    this.step = step;
    this.epoch = epoch;
    this.done = done;
    this.pieces = Collections.unmodifiableList(new ArrayList<>(pieces));
  }

  byte[] toBytes() {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("format", FORMAT);
    content.put("workers", workers);
    content.put("threads", threads);
    content.put("step", step);
    content.put("epoch", epoch);
    content.put("done", done);
    List<Object> list = new ArrayList<>();
    for (Piece piece : pieces) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", piece.name);
      one.put("bytes", piece.bytes);
      one.put("checksum", Long.toHexString(piece.checksum));
      list.add(one);
    }
    content.put("files", list);
    String text = ConfigValueFactory.fromMap(content).render(ConfigRenderOptions.concise());
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("content", text);
    all.put("checksum", checksum(text));
    return ConfigValueFactory.fromMap(all)
        .render(ConfigRenderOptions.concise())
        .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads what {@link #toBytes} has written.
   *
   * @throws IOException if it is not that, to the bit
   */
  static CheckpointManifest parse(byte[] bytes) throws IOException {
    try {
      Config all = ConfigFactory.parseString(new String(bytes, StandardCharsets.UTF_8));
      String text = all.getString("content");
      if (!checksum(text).equals(all.getString("checksum"))) {
        throw new IOException(FILE + " does not fit its checksum");
      }
      Config content = ConfigFactory.parseString(text);
      if (content.getInt("format") != FORMAT) {
        throw new IOException(
            "format " + content.getInt("format") + ", this version reads " + FORMAT);
      }
      List<Piece> pieces = new ArrayList<>();
      for (Config piece : content.getConfigList("files")) {
        pieces.add(
            new Piece(
                piece.getString("name"),
                piece.getLong("bytes"),
                Long.parseLong(piece.getString("checksum"), 16)));
      }
      return new CheckpointManifest(
          content.getInt("workers"),
          content.getInt("threads"),
          content.getLong("step"),
          content.getInt("epoch"),
          content.getInt("done"),
          pieces);
    } catch (ConfigException e) {
      throw new IOException(FILE + " is cut short or changed", e);
    }
  }

  private static String checksum(String text) {
    CRC32 sum = new CRC32();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    sum.update(bytes, 0, bytes.length);
    return Long.toHexString(sum.getValue());
  }
}
