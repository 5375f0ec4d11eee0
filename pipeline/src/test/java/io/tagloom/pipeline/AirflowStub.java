package io.tagloom.pipeline;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.IOUtils;

/**
 * Stands in for Airflow, which is not here: loads the DAG on the names and signatures that a
 * version of it has, renders its templates and runs its tasks in order, with their retries but
 * without their pauses.
 */
final class AirflowStub {
  private static final Path DAG = Paths.get("airflow/dags/tagloom_nightly.py").toAbsolutePath();

  private static final String SCRIPT =
      String.join(
          "\n",
          "import datetime, os, re, runpy, subprocess, sys, types",
          "version, dag_file, end, params = sys.argv[1], sys.argv[2], sys.argv[3], dict(a.split('=', 1) for a in sys.argv[4:])",
          "dags, tasks, order = [], [], []",
          "class AirflowException(Exception): pass",
          "class AirflowFailException(AirflowException): pass",
          "class AirflowSkipException(AirflowException): pass",
          "class Param:",
          "    def __init__(self, default, *, type, pattern):",
          "        self.default, self.pattern = default, pattern",
          "class DAG:",
          "    def __init__(self, *, dag_id, description, doc_md, schedule, start_date, catchup, max_active_runs, params, default_args, tags):",
          "        self.__dict__.update(locals())",
          "        dags.append(self)",
          "    def __enter__(self): return self",
          "    def __exit__(self, *failure): return False",
          "class BaseOperator:",
          "    def __init__(self, *, task_id, **options):",
          "        options = {**dags[-1].default_args, **options}",
          "        self.task_id, self.retries, self.pool = task_id, options.pop('retries'), options.pop('pool')",
          "        self.retry_delay, self.on_failure_callback = options.pop('retry_delay'), options.pop('on_failure_callback')",
          "        assert not options, options",
          "        tasks.append(self)",
          "    def __rshift__(self, other): order.append((self.task_id, other.task_id))",
          "    def bash(self, env):",
          "        return subprocess.call(['bash', '-c', render(self.bash_command)], env=env, cwd=os.environ['WORK'])",
          "class BashOperator(BaseOperator):",
          "    def __init__(self, *, bash_command, env=None, append_env=False, skip_on_exit_code=99, **options):",
          "        super().__init__(**options)",
          "        self.bash_command, self.env, self.append_env, self.skip = bash_command, env, append_env, skip_on_exit_code",
          "    def execute(self, context):",
          "        own = {name: render(value) for name, value in self.env.items()}",
          "        code = self.bash({**os.environ, **own} if self.append_env else own)",
          "        if code in (self.skip if isinstance(self.skip, list) else [self.skip]): raise AirflowSkipException('skipping')",
          "        if code != 0: raise AirflowException('exit code %s' % code)",
          "class BashSensor(BaseOperator):",
          "    def __init__(self, *, bash_command, mode, poke_interval, timeout, **options):",
          "        super().__init__(**options)",
          "        assert mode in ['poke', 'reschedule'] and 0 < poke_interval < timeout",
          "        self.bash_command, self.pokes = bash_command, timeout // poke_interval",
          "    def execute(self, context):",
          "        for poke in range(self.pokes):",
          "            if self.bash(os.environ) == 0: return",
          "            print('poked', self.task_id, flush=True)",
          "        raise AirflowFailException('timeout')",
          "class Day:",
          "    def __ror__(self, time): return time.strftime('%Y-%m-%d')",
          "class Values(dict):",
          "    def __getattr__(self, name): return self[name]",
          "def render(text):",
          "    time = datetime.datetime.fromisoformat(end)",
          "    chosen = Values({name: param.default for name, param in dags[-1].params.items()}, **params)",
          "    for name, param in dags[-1].params.items(): assert re.search(param.pattern, chosen[name]), chosen",
          "    known = {'ds': Day(), 'params': chosen, 'data_interval_end': time, 'macros': datetime,",
          "             'var': types.SimpleNamespace(value=Values(",
          "                 (name[12:].lower(), value) for name, value in os.environ.items() if name.startswith('AIRFLOW_VAR_')))}",
          "    return re.sub('{{(.*?)}}', lambda found: str(eval(found[1].strip(), {}, known)), text)",
          "def module(name, **members):",
          "    sys.modules[name] = types.ModuleType(name)",
          "    sys.modules[name].__dict__.update(members)",
          "failures = dict(AirflowFailException=AirflowFailException, AirflowSkipException=AirflowSkipException)",
          "if version == '2':",
          "    module('airflow', DAG=DAG)",
          "    module('airflow.models'); module('airflow.models.param', Param=Param)",
          "    module('airflow.operators'); module('airflow.operators.bash', BashOperator=BashOperator)",
          "    module('airflow.sensors'); module('airflow.sensors.bash', BashSensor=BashSensor)",
          "    module('airflow.exceptions', **failures)",
          "else:",
          "    module('airflow'); module('airflow.sdk', DAG=DAG, Param=Param)",
          "    module('airflow.sdk.exceptions' if version == '3.2' else 'airflow.exceptions', **failures)",
          "    for name in ['', '.standard', '.standard.operators', '.standard.sensors']: module('airflow.providers' + name)",
          "    module('airflow.providers.standard.operators.bash', BashOperator=BashOperator)",
          "    module('airflow.providers.standard.sensors.bash', BashSensor=BashSensor)",
          "sys.dont_write_bytecode = True",
          "runpy.run_path(dag_file)",
          "dag = dags[0]",
          "print('dag', dag.dag_id, dag.schedule, dag.catchup, dag.max_active_runs)",
          "for task in tasks: print('task', task.task_id, task.pool, task.retries, int(task.retry_delay.total_seconds()))",
          "for edge in order: print('order', *edge, flush=True)",
          "for task in tasks if end else []:",
          "    for attempt in range(1 + task.retries):",
          "        try:",
          "            task.execute({})",
          "            print('done', task.task_id, flush=True)",
          "            break",
          "        except AirflowSkipException: sys.exit('skipped')",
          "        except Exception as e:",
          "            final = attempt == task.retries or isinstance(e, AirflowFailException)",
          "            print('failed' if final else 'retry', task.task_id, e, flush=True)",
          "            if final:",
          "                task.on_failure_callback({'task_instance': task, 'run_id': 'night', 'exception': e})",
          "                sys.exit(0)");

  private final Path folder;
  private final String version;

  /**
   * Chooses an Airflow.
   *
   * @param folder an existing folder, where commands run
   * @param version 2, 3 or 3.2, which differ in where things are imported from
   */
  AirflowStub(Path folder, String version) {
    this.folder = folder;
    this.version = version;
  }

  /**
   * Loads the DAG and runs it once.
   *
   * @param end the end of the run's data interval, such as 2026-11-02T02:00:00; empty to load alone
   * @param environment of all that runs; Airflow variables as AIRFLOW_VAR_...
   * @param parameters of the run, as name=value
   * @return what was printed: the DAG, its tasks, their order, then what became of them between the
   *     lines of their commands
   */
  List<String> run(String end, Map<String, String> environment, String... parameters)
      throws Exception {
    Path stub = folder.resolve("airflow_stub.py");
    Files.write(stub, SCRIPT.getBytes(StandardCharsets.UTF_8));
    List<String> command =
        new ArrayList<>(Arrays.asList("python3", stub.toString(), version, DAG.toString(), end));
    command.addAll(Arrays.asList(parameters));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    builder.environment().put("WORK", folder.toString());
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      String reason = "NOT TESTED: tagloom_nightly.py, since there is no python3 on the PATH";
      System.err.println(reason);
      assumeTrue(false, reason);
      throw e;
    }
    String out = IOUtils.toString(process.getInputStream(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError("Airflow " + version + ": " + out);
    }
    return Arrays.asList(out.split("\n"));
  }
}
