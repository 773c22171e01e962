package dev.pilotlight.cli;

import java.io.Console;
import java.util.Map;
import java.util.Optional;

/// The abilities of standard output.
///
/// @param interactive whether a line may be drawn and erased
/// @param colour whether text may have colour
record Terminal(boolean interactive, boolean colour) {
  private static final String ESCAPE = "\u001b[";

  static Terminal current() {
    boolean terminal =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    return of(terminal, System.getenv());
  }

  /// Colour is for terminals that can show it, unless [NO_COLOR](https://no-color.org) is set.
  static Terminal of(boolean terminal, Map<String, String> environment) {
    boolean wanted = environment.getOrDefault("NO_COLOR", "").isEmpty();
    boolean able = !environment.getOrDefault("TERM", "").equals("dumb");
    return new Terminal(terminal && able, terminal && able && wanted);
  }

  String bold(String text) {
    return styled("1", text);
  }

  String faint(String text) {
    return styled("2", text);
  }

  String red(String text) {
    return styled("31", text);
  }

  String yellow(String text) {
    return styled("33", text);
  }

  private String styled(String style, String text) {
    return colour ? ESCAPE + style + "m" + text + ESCAPE + "0m" : text;
  }
}
