package io.tagloom.export;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** A Hadoop configuration that can be sent to executors. */
final class HadoopSettings implements Serializable {
  private static final long serialVersionUID = 1L;

  private final TreeMap<String, String> entries = new TreeMap<>();
  private transient Configuration configuration;

  HadoopSettings(Configuration configuration) {
    for (Map.Entry<String, String> entry : configuration) {
      entries.put(entry.getKey(), entry.getValue());
    }
  }

  synchronized Configuration configuration() {
    if (configuration == null) {
      Configuration copy = new Configuration(false);
      entries.forEach(copy::set);
      configuration = copy;
    }
    return configuration;
  }
}
