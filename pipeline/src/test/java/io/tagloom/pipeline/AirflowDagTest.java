package io.tagloom.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.IOUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AirflowDagTest {
  private static final Path DAG = Paths.get("airflow/dags/tagloom_nightly.py").toAbsolutePath();

  /** Stands in for Airflow: notes tasks, commands and order. */
  private static final String STUB =
      String.join(
          "\n",
          "import runpy, sys, types",
          "class DAG:",
          "    def __init__(self, **options): print('dag', options['dag_id'])",
          "    def __enter__(self): return self",
          "    def __exit__(self, *failure): return False",
          "class BashOperator:",
          "    def __init__(self, task_id, bash_command):",
          "        self.task_id = task_id",
          "        print('task', task_id, bash_command)",
          "    def __rshift__(self, other):",
          "        print('order', self.task_id, other.task_id)",
          "        return other",
          "airflow = types.ModuleType('airflow')",
          "airflow.DAG = DAG",
          "operators = types.ModuleType('airflow.operators')",
          "bash = types.ModuleType('airflow.operators.bash')",
          "bash.BashOperator = BashOperator",
          "sys.modules.update({'airflow': airflow, 'airflow.operators': operators,",
          "                    'airflow.operators.bash': bash})",
          "sys.dont_write_bytecode = True",
          "compile(open(sys.argv[1]).read(), sys.argv[1], 'exec')",
          "runpy.run_path(sys.argv[1])");

  @TempDir Path temp;

  @Test
  void oneTaskAStageInOrderWithTheLaunchersCommands() throws Exception {
    List<String> lines = Arrays.asList(python().split("\n"));

    String command =
        "\"{{ var.value.tagloom_home }}/pipeline/bin/tagloom\" %s --conf"
            + " \"{{ var.value.tagloom_conf }}\" --date {{ ds }}"
            + " {{ var.value.get(\"tagloom_options\", \"\") }}";
    assertThat(lines)
        .containsExactly(
            "dag tagloom_nightly",
            "task samples " + String.format(command, "samples"),
            "task train " + String.format(command, "train"),
            "task evaluate " + String.format(command, "evaluate"),
            "task export " + String.format(command, "export"),
            "order samples train",
            "order train evaluate",
            "order evaluate export");
  }

  private String python() throws Exception {
    Path stub = temp.resolve("stub.py");
    Files.write(stub, STUB.getBytes(StandardCharsets.UTF_8));
    Process process;
    try {
      process =
          new ProcessBuilder("python3", stub.toString(), DAG.toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      String reason = "NOT TESTED: tagloom_nightly.py, since there is no python3 on the PATH";
      System.err.println(reason);
      assumeTrue(false, reason);
      return "";
    }
    String out = IOUtils.toString(process.getInputStream(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(out).isZero();
    return out;
  }
}
