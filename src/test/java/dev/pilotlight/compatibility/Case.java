package dev.pilotlight.compatibility;

import java.util.List;
import java.util.Map;

/// One model folder and what the function must do with it.
///
/// @param name what is special about the folder, as Markdown
/// @param settings of the function, besides the models' directory
record Case(String name, Folder folder, Map<String, String> settings, List<Check> checks) {

  Case {
    settings = Map.copyOf(settings);
    checks = List.copyOf(checks);
  }

  static Case of(String name, Folder folder, Check... checks) {
    return new Case(name, folder, Map.of(), List.of(checks));
  }

  Case with(String setting, String value) {
    return new Case(name, folder, Map.of(setting, value), checks);
  }

  /// Names the test.
  @Override
  public String toString() {
    return name;
  }

  /// Cases of one kind.
  ///
  /// @param title a heading in the documentation
  record Group(String title, List<Case> cases) {
    Group {
      cases = List.copyOf(cases);
    }

    static Group of(String title, Case... cases) {
      return new Group(title, List.of(cases));
    }
  }
}
