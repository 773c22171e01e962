package dev.pilotlight.compatibility;

import java.util.List;
import java.util.stream.Collectors;

/// The documentation that is printed from the cases.
final class Markdown {
  private Markdown() {}

  static String page(List<Case.Group> groups) {
    int count = groups.stream().mapToInt(group -> group.cases().size()).sum();
    return """
        # Model folders and what Pilotlight does with them

        `CompatibilityTest` builds each of these %d folders, sends requests through the whole
        function and compares the answers with the values below, which were computed by hand. The
        test prints this page; do not edit it.

        Unless a row differs, the graph looks up a vector of three numbers for each token and
        returns these vectors as `last_hidden_state`, the tokenizer is a small one of BERT's kind,
        and the text is `hello world`, which becomes `[CLS] hello world [SEP]`. Vectors that do not
        have unit length come from folders whose `modules.json` lists a transformer and a pooling
        only.

        | token | id | vector |
        |---|---|---|
        %s
        """
            .formatted(count, Words.table())
        + groups.stream().map(Markdown::section).collect(Collectors.joining());
  }

  private static String section(Case.Group group) {
    return "\n## %s\n\n| folder | files | answer |\n|---|---|---|\n".formatted(group.title())
        + group.cases().stream().map(Markdown::row).collect(Collectors.joining());
  }

  private static String row(Case row) {
    String settings =
        row.settings().entrySet().stream()
            .map(setting -> "<br>" + code(setting.getKey() + "=" + setting.getValue()))
            .collect(Collectors.joining());
    String answers = row.checks().stream().map(Check::text).collect(Collectors.joining("<br>"));
    return "| %s | %s%s | %s |\n"
        .formatted(row.name(), row.folder().description(), settings, answers);
  }

  /// Code within a cell of a table.
  static String code(String text) {
    String cell = text.replace("|", "\\|").replace("\n", " ");
    return cell.contains("`") ? "`` " + cell + " ``" : "`" + cell + "`";
  }
}
