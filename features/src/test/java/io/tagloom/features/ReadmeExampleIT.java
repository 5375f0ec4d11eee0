package io.tagloom.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the example of this module's README as it stands there. */
class ReadmeExampleIT {
  @TempDir Path folder;

  @Test
  void theExampleOfTheReadmeEncodesANewDay() throws Exception {
    SparkSession spark = LocalSpark.session().newSession();
    writeTables(spark, folder.toString());
    Class<?> example = compiled(source());
    Method run = example.getMethod("run", SparkSession.class, String.class);

    @SuppressWarnings("unchecked") // declared so in source()
    Dataset<Row> blocks = (Dataset<Row>) run.invoke(null, spark, folder.toString());

    assertThat(blocks.columns()).contains("field_city", "field_clicked", "field_tags", "rows");
    assertThat(blocks.selectExpr("sum(rows)").first().getLong(0)).isEqualTo(50);
  }

  private static void writeTables(SparkSession spark, String folder) {
    for (String day : Arrays.asList("samples", "tomorrow")) {
      spark
          .range(day.equals("samples") ? 400 : 50)
          .selectExpr(
              "concat('" + day + "', id) as impression_id",
              "concat('u', id % 20) as user_id",
              "concat('i', id % 9) as item_id",
              (day.equals("samples") ? 0 : 1) + " * 86400000 + id * 1000 as ts",
              "cast(id % 3 = 0 as int) as click",
              "case when id % 3 = 0 then id * 1000 end as click_ts",
              "0 as conversion",
              "true as mature",
              "if(id % 5 = 0, 'test', 'train') as split")
          .write()
          .parquet(folder + "/" + day);
    }
    spark
        .range(20)
        .selectExpr("concat('u', id) as user_id", "concat('c', id % 4) as city")
        .write()
        .parquet(folder + "/users");
    spark
        .range(9)
        .selectExpr("concat('i', id) as item_id", "concat('t', id % 3, '|all') as tags")
        .write()
        .parquet(folder + "/items");
  }

  /** The first Java block of the README as the body of a method, its imports before the class. */
  private static String source() throws Exception {
    String readme = new String(Files.readAllBytes(Paths.get("README.md")), StandardCharsets.UTF_8);
    Matcher block = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL).matcher(readme);
    assertThat(block.find()).as("README.md has a Java example").isTrue();
    StringBuilder imports = new StringBuilder();
    StringBuilder body = new StringBuilder();
    for (String line : block.group(1).split("\\R")) {
      (line.startsWith("import ") ? imports : body).append(line).append('\n');
    }
    return imports
        + "public class Example {\n"
        + "public static Dataset<Row> run(SparkSession spark, String folder) throws Exception {\n"
        + body
        + "return blocks;\n}\n}\n";
  }

  private Class<?> compiled(String source) throws Exception {
    Path file = Files.createDirectory(folder.resolve("source")).resolve("Example.java");
    Path classes = Files.createDirectory(folder.resolve("classes"));
    Files.write(file, source.getBytes(StandardCharsets.UTF_8));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    StringWriter words = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      Iterable<? extends JavaFileObject> sources = files.getJavaFileObjects(file.toFile());
      boolean done =
          compiler
              .getTask(
                  words,
                  files,
                  null,
                  Arrays.asList("-proc:none", "-cp", classPath, "-d", classes.toString()),
                  null,
                  sources)
              .call();
      assertThat(done).as("%s%n%s", words, source).isTrue();
    }
    URL[] urls = {classes.toUri().toURL()};
    return new URLClassLoader(urls, getClass().getClassLoader()).loadClass("Example");
  }
}
