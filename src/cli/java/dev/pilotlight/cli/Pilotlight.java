package dev.pilotlight.cli;

import dev.pilotlight.cli.aws.Aws;
import dev.pilotlight.domain.Refusal;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// `pilotlight COMMAND`: lists the commands; every error is one line on standard error.
@Command(
    name = "pilotlight",
    description = "Tools for Pilotlight's models and stacks.",
    mixinStandardHelpOptions = true,
    versionProvider = Pilotlight.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footer = "%npilotlight help COMMAND explains a command.")
public final class Pilotlight implements Runnable {
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
  @Spec
  private CommandSpec spec;

  public static void main(String[] args) {
    System.exit(commandLine(Terminal.current()).execute(args));
  }

  /// All commands, ready to be executed.
  static CommandLine commandLine(Terminal terminal) {
    return commandLine(terminal, Aws::ofProcess);
  }

  static CommandLine commandLine(Terminal terminal, Supplier<Aws> aws) {
    CommandLine all =
        new CommandLine(new Pilotlight())
            .addSubcommand(new Inspect(terminal))
            .addSubcommand(new Quantize(terminal))
            .addSubcommand(new Lock(terminal))
            .addSubcommand(new AuditCommand(terminal))
            .addSubcommand(new Preflight(terminal, aws))
            .addSubcommand(new Breaker(aws))
            .addSubcommand(new Tenants(terminal, aws))
            .addSubcommand(new Keys(aws))
            .addSubcommand(new UsageCommand(terminal, aws))
            .addSubcommand(new FilesCommand(terminal))
            .addSubcommand(new Batches(terminal, aws))
            .addSubcommand(new Replay(terminal))
            .addSubcommand(new Tune(terminal))
            .addSubcommand(new Completion())
            .addSubcommand(new HelpCommand());
    Ansi ansi = terminal.colour() ? Ansi.ON : Ansi.OFF;
    return handled(all).setColorScheme(CommandLine.Help.defaultColorScheme(ansi));
  }

  /// A command whose errors are one line each.
  static CommandLine handled(CommandLine command) {
    return command
        // a text may begin with @
        .setExpandAtFiles(false)
        .setParameterExceptionHandler((e, _) -> usageError(e))
        .setExecutionExceptionHandler((e, failed, _) -> failure(e, failed));
  }

  /// Runs when no command is given.
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }

  private static int usageError(ParameterException e) {
    CommandLine command = e.getCommandLine();
    String help = command.getCommandSpec().qualifiedName() + " --help";
    return print(command, e.getMessage() + suggestion(e) + "; see " + help, ExitCode.USAGE);
  }

  private static String suggestion(ParameterException e) {
    return e instanceof UnmatchedArgumentException unmatched
            && !unmatched.getSuggestions().isEmpty()
        ? " (did you mean %s?)".formatted(unmatched.getSuggestions().getFirst())
        : "";
  }

  private static int failure(Exception e, CommandLine command) {
    String message = e instanceof Refusal refusal ? refusal.message() : "internal error: " + e;
    return print(command, message, ExitCode.SOFTWARE);
  }

  private static int print(CommandLine command, String message, int exitCode) {
    command.getErr().println("pilotlight: " + Texts.oneLine(message.strip()));
    return exitCode;
  }

  /// The version that the build wrote into the jar.
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Pilotlight.class.getPackage().getImplementationVersion();
      return new String[] {"pilotlight " + (version == null ? "(not packaged)" : version)};
    }
  }
}
