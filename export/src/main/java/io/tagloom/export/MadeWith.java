package io.tagloom.export;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.util.VersionInfo;
import org.apache.parquet.Version;

/** The code and the libraries that tables are made with, for their manifest. */
final class MadeWith {
  private MadeWith() {}

  /**
   * {@code code.version}, {@code code.sha256} of the jar ({@code classes} when run from folders of
   * classes), and {@code library.NAME}.
   *
   * @param sparkVersion the version of Spark that runs
   */
  static SortedMap<String, String> properties(String sparkVersion) throws IOException {
    SortedMap<String, String> properties = new TreeMap<>();
    String version = MadeWith.class.getPackage().getImplementationVersion();
    properties.put("code.version", version == null ? "development" : version);
    properties.put("code.sha256", digest());
    properties.put("library.spark", sparkVersion);
    properties.put("library.hadoop", VersionInfo.getVersion());
    properties.put("library.parquet", parquet());
    // Scala's own file, of the one that Spark runs on.
    properties.put(
        "library.scala", load("/library.properties").getProperty("version.number", "unknown"));
    Properties libraries = load("libraries.properties");
    for (String name : libraries.stringPropertyNames()) {
      properties.put("library." + name, libraries.getProperty(name));
    }
    return properties;
  }

  /** Read at run time: javac would write the version that it compiles against into this class. */
  private static String parquet() {
    try {
      return String.valueOf(Version.class.getField("VERSION_NUMBER").get(null));
    } catch (ReflectiveOperationException e) {
      return "unknown";
    }
  }

  private static Properties load(String resource) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = MadeWith.class.getResourceAsStream(resource)) {
      if (in != null) {
        properties.load(in);
      }
    }
    return properties;
  }

  private static String digest() throws IOException {
    try {
      Path code =
          Paths.get(MadeWith.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (!Files.isRegularFile(code)) {
        return "classes";
      }
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      try (InputStream in = Files.newInputStream(code)) {
        byte[] buffer = new byte[1 << 16];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          sha.update(buffer, 0, count);
        }
      }
      StringBuilder hex = new StringBuilder();
      for (byte b : sha.digest()) {
        hex.append(String.format("%02x", b));
      }
      return hex.toString();
    } catch (URISyntaxException e) {
      throw new IOException("Cannot find the job jar: " + e.getMessage() + ".", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has SHA-256", e);
    }
  }
}
