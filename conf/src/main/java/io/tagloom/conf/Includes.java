package io.tagloom.conf;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigParseable;
import java.io.File;

/**
 * Reads the files that settings include, beside the file that includes them. Unlike the library's
 * own, which passes over a file that is not there, it refuses.
 */
final class Includes implements ConfigIncluder, ConfigIncluderFile {
  private static final String[] ENDINGS = {"", ".conf", ".json", ".properties"};

  private final ConfigIncluder others;

  Includes() {
    this(null);
  }

  private Includes(ConfigIncluder others) {
    this.others = others;
  }

  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return new Includes(fallback);
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    if (what.contains("://")) {
      // An address: the library's own.
      return others == null ? ConfigFactory.empty().root() : others.include(context, what);
    }
    for (String ending : ENDINGS) {
      ConfigParseable beside = context.relativeTo(what + ending);
      File file =
          beside == null || beside.origin().filename() == null
              ? new File(what + ending)
              : new File(beside.origin().filename());
      if (file.isFile()) {
        return parse(context, file);
      }
    }
    throw missing(what);
  }

  @Override
  public ConfigObject includeFile(ConfigIncludeContext context, File what) {
    if (!what.isFile()) {
      throw missing(what.getPath());
    }
    return parse(context, what);
  }

  private static ConfigObject parse(ConfigIncludeContext context, File file) {
    ConfigParseOptions options = context.parseOptions().setAllowMissing(false);
    return ConfigFactory.parseFile(file.getAbsoluteFile(), options).root();
  }

  private static ConfigException missing(String what) {
    return new ConfigException.Generic(
        "the included file "
            + what
            + " is not there; expected it beside the file that includes it");
  }
}
