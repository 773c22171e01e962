package dev.pilotlight.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `pilotlight completion`: the script with which a shell completes commands and options.
@Command(
    name = "completion",
    description = "Prints the script with which bash and zsh complete commands and options.",
    mixinStandardHelpOptions = true,
    versionProvider = Pilotlight.Version.class,
    footerHeading = "%nExample:%n",
    footer = "  source <(pilotlight completion)")
final class Completion implements Runnable {
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
  @Spec
  private CommandSpec spec;

  @Override
  public void run() {
    CommandLine root = spec.root().commandLine();
    root.getOut().print(AutoComplete.bash(root.getCommandName(), root));
    root.getOut().flush();
  }
}
