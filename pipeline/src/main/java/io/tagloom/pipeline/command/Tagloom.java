package io.tagloom.pipeline.command;

import io.tagloom.conf.SettingsException;
import io.tagloom.conf.TagloomException;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code tagloom}, which has the others below it. */
@Command(
    name = "tagloom",
    description = "Nightly user-tag profiles from ad logs.",
    versionProvider = Tagloom.Version.class,
    mixinStandardHelpOptions = true,
    scope = CommandLine.ScopeType.LOCAL,
    subcommands = {
      DemoCommand.class,
      GenerateCommand.class,
      CheckCommand.class,
      SamplesCommand.class,
      TrainCommand.class,
      EvaluateCommand.class,
      ExportCommand.class,
      NightlyCommand.class,
      StatusCommand.class,
      ShowCommand.class,
      AudienceCommand.class,
      SimilarCommand.class,
      PublishCommand.class,
      CleanCommand.class,
      PackageCommand.class,
      BenchCommand.class
    },
    footer = {
      "",
      "Start here:",
      "  tagloom demo",
      "  tagloom check --conf my.conf --date 2026-11-01",
      "  tagloom nightly --conf my.conf --date 2026-11-01",
      "",
      "Exit codes: 0 done, 2 settings, 3 input data, 4 publish refused, 5 another command is at work in"
          + " run.root, 1 anything else.",
      "Every command lists its options and examples with --help."
    })
public final class Tagloom {
  Tagloom() {}

  /**
   * Runs a command line.
   *
   * @param arguments command and options
   * @return the exit code: 0 done, 2 settings or arguments, 3 input data, 4 publish refused, 5
   *     another command is at work in the run's folder, 1 anything else
   */
  public static int run(String... arguments) {
    CommandLine line = new CommandLine(new Tagloom());
    line.setUsageHelpWidth(100);
    line.setUsageHelpAutoWidth(true);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(Tagloom::wrongArguments);
    line.setExecutionExceptionHandler(Tagloom::failed);
    if (arguments.length == 0) {
      line.usage(System.err);
      return 2;
    }
    return line.execute(arguments);
  }

  /**
   * Ends a command before it starts.
   *
   * @param fault what is wrong with where it was started
   * @param arguments command and options
   * @return 2, since another try cannot help
   */
  public static int refuse(String fault, String... arguments) {
    System.err.println(fault);
    if (Arrays.asList(arguments).contains("--json")) {
      System.out.println(Failures.report(arguments[0], 2, fault).json());
    }
    return 2;
  }

  private static int wrongArguments(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String reason = TagloomException.reason(e);
    System.err.println(
        "Invalid arguments: " + reason + "; expected what `" + name + " --help` lists.");
    UnmatchedArgumentException.printSuggestions(e, System.err);
    return 2;
  }

  private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    String name = command.getCommandName();
    String text = e.getMessage();
    System.err.println(e instanceof SettingsException ? text : Failures.unexpected(name, e));
    return Failures.forPeople(e).map(told -> told.exitCode()).orElse(1);
  }

  /** Version of the jar, and what it runs on. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Tagloom.class.getPackage().getImplementationVersion();
      return new String[] {
        "tagloom " + (version == null ? "(not packaged)" : version),
        "Java " + System.getProperty("java.version") + ", " + System.getProperty("os.name")
      };
    }
  }
}
