package io.tagloom.training.models;

import com.typesafe.config.ConfigFactory;
import io.tagloom.conf.ModelSettings;
import io.tagloom.conf.TaskSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One step on the parameters and inputs of a golden file, its results laid out as in the file.
 *
 * <p>The build compiles this class twice: as it is, and with float turned into double.
 */
public final class GoldenRun {
  private final Map<String, Object> golden;
  private final MvkeShape shape;

  /** Results by name: attention, experts, gate.TASK, logit.TASK, loss.TASK, gradient.NAME. */
  public final Map<String, double[]> results = new LinkedHashMap<>();

  /** Runs a variant with tiles of some rows. */
  public GoldenRun(String variant, int tileRows) {
    String resource = "/golden/mvke-" + variant + ".json";
    this.golden = ConfigFactory.parseURL(GoldenRun.class.getResource(resource)).root().unwrapped();
    this.shape = shape();
    run(tileRows);
  }

  private MvkeShape shape() {
    String score = golden.get("score").toString().toUpperCase(java.util.Locale.ROOT);
    Map<String, Object> tasks = map(golden.get("tasks"));
    ModelSettings model =
        ModelSettings.builder()
            .dims(size("d"), size("A"), size("D"))
            .kernels(size("K"))
            .expertHidden(6)
            .projection(choice(ModelSettings.Projection.class, "projection"))
            .pooling(choice(ModelSettings.Pooling.class, "pooling"))
            .residual(
                golden.get("residual").equals(true)
                    ? ModelSettings.Residual.ON
                    : ModelSettings.Residual.OFF)
            .gate(choice(ModelSettings.Gate.class, "gate"))
            .score(ModelSettings.Score.valueOf(score))
            .tasks(
                TaskSettings.of("ctr", "click", "all", kernels(tasks, "ctr")),
                TaskSettings.of("cvr", "conversion", "click", kernels(tasks, "cvr")))
            .dropout(0, 0, 0)
            .wholeDropout(0, 0)
            .build();
    List<FieldShape> fields = new ArrayList<>();
    for (int f = 0; f < size("F"); f++) {
      int rows = list(map(golden.get("parameters")).get("field_embedding." + f)).size();
      fields.add(new FieldShape("field" + f, FieldShape.Side.USER, rows));
    }
    int rows = list(map(golden.get("parameters")).get("tag_embedding")).size();
    fields.add(new FieldShape("tags", FieldShape.Side.ITEM, rows));
    return MvkeShape.of(model, fields);
  }

  private static Integer[] kernels(Map<String, Object> tasks, String name) {
    return list(tasks.get(name)).stream().map(k -> ((Number) k).intValue()).toArray(Integer[]::new);
  }

  private <E extends Enum<E>> E choice(Class<E> type, String key) {
    return Enum.valueOf(type, golden.get(key).toString().toUpperCase(java.util.Locale.ROOT));
  }

  private int size(String letter) {
    return ((Number) map(golden.get("sizes")).get(letter)).intValue();
  }

  private void run(int tileRows) {
    MvkeParameters parameters = MvkeParameters.zeros(shape);
    for (Slot slot : shape.slots()) {
      for (int i = 0; i < slot.size(); i++) {
        Place place = place(slot, i);
        double[] values = flat(map(golden.get("parameters")).get(place.name));
        parameters.dense()[slot.offset() + i] = (float) values[place.index];
      }
    }
    for (int t = 0; t < shape.tables().size(); t++) {
      double[] values = flat(map(golden.get("parameters")).get(table(t)));
      for (int i = 0; i < values.length; i++) {
        parameters.table(t)[i] = (float) values[i];
      }
    }
    Batch batch = batch();
    // As the trainer has it: rows of the same tasks side by side.
    batch.arrange(tileRows);
    batch.group();
    MvkeGradients gradients = new MvkeGradients(shape);
    gradients.begin(batch);
    MvkeNetwork network = new MvkeNetwork(shape, tileRows);
    network.step(parameters, batch, 0, 6, TrainStep.of(batch, 0, 0), gradients);
    readGradients(gradients);
    for (int t = 0; t < 2; t++) {
      String task = shape.model().tasks().get(t).name();
      results.put("loss." + task, new double[] {gradients.lossSum(t) / gradients.weightSum(t)});
    }
    readForward(parameters, batch());
  }

  private void readForward(MvkeParameters parameters, Batch batch) {
    MvkeNetwork network = new MvkeNetwork(shape, 6);
    float[][] logits = new float[2][6];
    network.logits(parameters, batch, 0, 6, logits, 0);
    int kernels = size("K");
    results.put("attention", rowsFirst(network.users().attentionWeights(), kernels * size("F")));
    results.put("experts", rowsFirst(network.users().experts(), kernels * size("D")));
    for (int t = 0; t < 2; t++) {
      String task = shape.model().tasks().get(t).name();
      results.put("tag." + task, rowsFirst(network.items().tags(t), size("D")));
      results.put("gate." + task, rowsFirst(network.items().gates(t), shape.kernels(t).length));
      results.put("logit." + task, rowsFirst(logits[t], 1));
    }
  }

  private static double[] rowsFirst(float[] x, int width) {
    double[] out = new double[6 * width];
    for (int i = 0; i < out.length; i++) {
      out[i] = x[i % width * 6 + i / width];
    }
    return out;
  }

  private void readGradients(MvkeGradients gradients) {
    for (Slot slot : shape.slots()) {
      for (int i = 0; i < slot.size(); i++) {
        Place place = place(slot, i);
        int size = flat(map(golden.get("gradients")).get(place.name)).length;
        results.computeIfAbsent("gradient." + place.name, name -> new double[size])[place.index] =
            gradients.dense()[slot.offset() + i];
      }
    }
    for (int t = 0; t < shape.tables().size(); t++) {
      int width = shape.tables().get(t).width();
      double[] values = new double[shape.tables().get(t).rows() * width];
      for (int r = 0; r < gradients.rowCount(t); r++) {
        for (int i = 0; i < width; i++) {
          values[gradients.rows(t)[r] * width + i] = gradients.values(t)[r * width + i];
        }
      }
      results.put("gradient." + table(t), values);
    }
  }

  /** What the golden file says of a result. */
  public double[] expected(String result) {
    int dot = result.indexOf('.');
    String name = result.substring(dot + 1);
    if (dot < 0) {
      return flat(golden.get(result));
    }
    if (result.startsWith("gradient.")) {
      return flat(map(golden.get("gradients")).get(name));
    }
    if (result.startsWith("loss.")) {
      return flat(map(golden.get("loss")).get(name));
    }
    return flat(map(map(golden.get("heads")).get(name)).get(result.substring(0, dot)));
  }

  /** Names of all gradients in the golden file. */
  public java.util.Set<String> gradientNames() {
    return map(golden.get("gradients")).keySet();
  }

  private Batch batch() {
    Batch batch = new Batch(shape);
    double[] click = flat(golden.get("click"));
    double[] conversion = flat(golden.get("conversion"));
    for (int row = 0; row < 6; row++) {
      for (int f = 0; f <= size("F"); f++) {
        boolean tags = f == size("F");
        Object rows = tags ? golden.get("tags") : list(golden.get("fields")).get(f);
        List<Object> pair = list(list(rows).get(row));
        double[] ids = flat(pair.get(0));
        double[] weights = flat(pair.get(1));
        for (int i = 0; i < ids.length; i++) {
          batch.column(f).add((int) ids[i], (float) weights[i]);
        }
        if (tags) {
          batch.column(f).endMeanRow();
        } else {
          batch.column(f).endRow();
        }
      }
      batch.addRow();
      batch.target(0, row, (float) click[row], 1);
      batch.target(1, row, (float) conversion[row], (float) click[row]);
    }
    return batch;
  }

  private String table(int t) {
    return t < size("F") ? "field_embedding." + t : "tag_embedding";
  }

  /** Where number i of a slot lies in the golden file. */
  private Place place(Slot slot, int i) {
    String[] parts = slot.name().split("\\.");
    int[] dims = slot.dims();
    int last = dims[dims.length - 1];
    String task = parts.length > 1 ? parts[1] : "";
    switch (parts[0]) {
      case "scale":
      case "bias":
        return new Place(parts[0] + "." + shape.model().tasks().get(i).name(), 0);
      case "norm":
        return new Place("norm_" + parts[1], i);
      case "tag":
        return new Place("tag_" + parts[parts.length - 1] + "." + task, i);
      case "kernel":
        return new Place("kernel", i);
      default:
        break;
    }
    if (parts[0].equals("expert") && parts[2].equals("layer")) {
      return expertPlace(parts, dims, i);
    }
    String name = parts[0] + "_" + parts[1].charAt(0) + "_" + parts[2];
    boolean bias = parts[2].equals("bias");
    // Ours is [out, in], theirs [in, out].
    return new Place(name, bias ? i : i % last * dims[0] + i / last);
  }

  private Place expertPlace(String[] parts, int[] dims, int i) {
    int k = Integer.parseInt(parts[1]);
    String name = "mlp_" + parts[4] + "." + parts[3];
    int size = dims[0] * (dims.length > 1 ? dims[1] : 1);
    int at = i;
    boolean concat = golden.get("pooling").equals("concat");
    if (parts[3].equals("0") && parts[4].equals("weight") && concat) {
      // Ours is ordered [A, F], theirs [F, A].
      int a = i / dims[1] / size("F");
      int f = i / dims[1] % size("F");
      at = (f * size("A") + a) * dims[1] + i % dims[1];
    }
    return new Place(name, k * size + at);
  }

  private static final class Place {
    final String name;
    final int index;

    Place(String name, int index) {
      this.name = name;
      this.index = index;
    }
  }

  @SuppressWarnings("unchecked") // JSON objects
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked") // JSON arrays
  private static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  private static double[] flat(Object value) {
    if (value instanceof Number) {
      return new double[] {((Number) value).doubleValue()};
    }
    return list(value).stream().flatMapToDouble(v -> java.util.Arrays.stream(flat(v))).toArray();
  }
}
