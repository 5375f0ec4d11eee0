package io.tagloom.export;

import io.tagloom.conf.InputException;
import io.tagloom.export.publish.Manifest;
import io.tagloom.export.scoring.ScoreKind;
import io.tagloom.export.scoring.ScoredTask;
import io.tagloom.export.scoring.TagMatrix;
import io.tagloom.export.tables.Gates;
import io.tagloom.export.tables.TableReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Tasks and tags of a published version, from its manifest and tag_gates. */
final class PublishedTags {
  /** Property of a manifest: {@code items} or {@code tag}. */
  static final String TAG_SCORE = "tag_score";

  private PublishedTags() {}

  /** A task as properties of a manifest. */
  static SortedMap<String, String> properties(List<ScoredTask> tasks) {
    SortedMap<String, String> properties = new TreeMap<>();
    for (ScoredTask task : tasks) {
      String prefix = "tasks." + task.name() + ".";
      properties.put(prefix + "scale", String.valueOf(task.scale()));
      properties.put(prefix + "bias", String.valueOf(task.bias()));
      properties.put(prefix + "score", task.kind().name());
      properties.put(prefix + "kernels", Arrays.toString(task.kernels()));
    }
    return properties;
  }

  /**
   * A task of a version.
   *
   * @throws InputException if the version has no such task
   */
  static ScoredTask task(Manifest manifest, String name) {
    Map<String, String> properties = manifest.properties();
    String prefix = "tasks." + name + ".";
    if (!properties.containsKey(prefix + "kernels")) {
      List<String> names = new ArrayList<>();
      for (String key : properties.keySet()) {
        if (key.matches("tasks[.].*[.]kernels")) {
          names.add(key.substring("tasks.".length(), key.length() - ".kernels".length()));
        }
      }
      throw new InputException(
          "Cannot find task "
              + name
              + " in "
              + manifest.version()
              + ": it has "
              + names
              + ". Name one of these.");
    }
    String kernels = properties.get(prefix + "kernels").replaceAll("[\\[\\] ]", "");
    return new ScoredTask(
        name,
        Arrays.stream(kernels.split(",")).mapToInt(Integer::parseInt).toArray(),
        Double.parseDouble(properties.get(prefix + "scale")),
        Double.parseDouble(properties.get(prefix + "bias")),
        ScoreKind.valueOf(properties.get(prefix + "score")));
  }

  /** Whether the tags of a version are scored as the mean of their items. */
  static boolean areMeans(Manifest manifest) {
    return "items".equals(manifest.properties().get(TAG_SCORE));
  }

  /**
   * The tags of a task, from a reader of tag_gates.
   *
   * @param means whether they are scored as the mean of their items
   */
  static TagMatrix matrix(ScoredTask task, TableReader<Gates> reader, boolean means)
      throws IOException {
    List<Gates> rows = new ArrayList<>();
    for (Optional<Gates> next = reader.next(); next.isPresent(); next = reader.next()) {
      if (next.get().task().equals(task.name())) {
        rows.add(next.get());
      }
    }
    int dim = rows.isEmpty() ? 1 : rows.get(0).vector().length;
    String[] names = new String[rows.size()];
    float[] vectors = new float[names.length * dim];
    float[] gates = new float[names.length * task.kernelCount()];
    double[] scales = new double[names.length];
    double[] biases = new double[names.length];
    for (int i = 0; i < names.length; i++) {
      names[i] = rows.get(i).key();
      scales[i] = rows.get(i).scale();
      biases[i] = rows.get(i).bias();
      System.arraycopy(rows.get(i).vector(), 0, vectors, i * dim, dim);
      System.arraycopy(rows.get(i).gate(), 0, gates, i * task.kernelCount(), task.kernelCount());
    }
    TagMatrix alone = new TagMatrix(task, dim, names, vectors, gates);
    return means ? alone.withMeans(means(rows, task.kernelCount() * dim), scales, biases) : alone;
  }

  private static float[] means(List<Gates> rows, int width) {
    float[] means = new float[rows.size() * width];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i).annVector(), 0, means, i * width, width);
    }
    return means;
  }
}
