package dev.pilotlight.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/// One run of the command line in this process.
public record TestRun(int exitCode, String out, String err) {
  public static TestRun run(String... arguments) {
    return runOn(new Terminal(false, false), arguments);
  }

  static TestRun runOn(Terminal terminal, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Pilotlight.commandLine(terminal)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new TestRun(exitCode, out.toString(), err.toString());
  }
}
