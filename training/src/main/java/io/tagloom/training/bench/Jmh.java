package io.tagloom.training.bench;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.UnsupportedEncodingException;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs JMH in this process: a fork would have neither the class path nor the MKL settings that the
 * launcher chose.
 */
final class Jmh {
  private static final int WARM_UPS = 2;
  private static final int ITERATIONS = 5;

  private Jmh() {}

  /**
   * Seconds of one operation, the median of five iterations after two to warm up.
   *
   * @param seconds length of the five iterations together
   * @param threads threads that do the operation at the same time, each its own
   * @param parameter name and value of the state's parameter, or nothing
   */
  static double secondsOfOne(Class<?> state, double seconds, int threads, String... parameter) {
    // Several processes may measure at a time; whether that is wise is the caller's affair.
    System.setProperty("jmh.ignoreLock", "true");
    TimeValue time = TimeValue.nanoseconds((long) (seconds * 1e9 / ITERATIONS));
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + state.getName().replace(".", "\\.") + "\\..*$")
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .forks(0)
            .threads(threads)
            .warmupIterations(WARM_UPS)
            .warmupTime(time)
            .measurementIterations(ITERATIONS)
            .measurementTime(time)
            .shouldFailOnError(true);
    if (parameter.length > 0) {
      options.param(parameter[0], parameter[1]);
    }
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    try {
      PrintStream out = new PrintStream(log, true, "UTF-8");
      Collection<RunResult> results =
          new Runner(
                  options.build(),
                  OutputFormatFactory.createFormatInstance(out, VerboseMode.NORMAL))
              .run();
      return results.iterator().next().getPrimaryResult().getStatistics().getPercentile(50) / 1e9;
    } catch (RunnerException | UnsupportedEncodingException e) {
      throw new IllegalStateException(
          "Cannot measure "
              + state.getSimpleName()
              + ": "
              + e.getMessage()
              + ". JMH said: "
              + log.toString().trim(),
          e);
    }
  }
}
