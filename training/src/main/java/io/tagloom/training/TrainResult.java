package io.tagloom.training;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.util.LinkedHashMap;
import java.util.Map;

/** A trained and saved model. Immutable. */
public final class TrainResult {
  private final MvkeModel model;
  private final String path;
  private final double seconds;

  TrainResult(MvkeModel model, String path, double seconds) {
    this.model = model;
    this.path = path;
    this.seconds = seconds;
  }

  /** The model. */
  public MvkeModel model() {
    return model;
  }

  /** Folder of its bundle. */
  public String path() {
    return path;
  }

  /** Seconds of training and saving. */
  public double seconds() {
    return seconds;
  }

  /** One JSON object: {@code model_id}, {@code path}, {@code seconds} and {@code epochs}. */
  public String json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("model_id", model.bundle().info().id());
    all.put("path", path);
    all.put("seconds", seconds);
    String history = model.bundle().info().historyJson();
    all.put("epochs", ConfigFactory.parseString("list = " + history).getValue("list"));
    return ConfigValueFactory.fromMap(all).render(ConfigRenderOptions.concise());
  }
}
