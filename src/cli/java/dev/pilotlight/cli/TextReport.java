package dev.pilotlight.cli;

import dev.pilotlight.cli.folder.FolderFiles;
import dev.pilotlight.cli.inspect.Answer;
import dev.pilotlight.cli.inspect.TokenLabel;
import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.task.ResultForm;
import dev.pilotlight.domain.tensor.TensorSpec;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// An [Inspection] for people.
///
/// @param out is not closed
record TextReport(Terminal terminal, PrintWriter out) {
  private static final int IGNORED_FILES_MAX = 20;
  private static final int NUMBERS_SHOWN = 6;

  void print(Inspection inspection) {
    ModelInfo info = inspection.info();
    line(
        "%s, version %s: %s"
            .formatted(
                terminal.bold(Texts.oneLine(info.name())),
                info.version(),
                terminal.bold(Texts.task(info.task()))));
    facts(info.facts());
    tensors("Inputs", info.inputs());
    tensors("Outputs", info.outputs());
    if (info.infersTexts()) {
      tensors("Inputs of the graph", info.graphInputs());
      tensors("Outputs of the graph", info.graphOutputs());
    }
    files(inspection.folder().files());
    costs(inspection);
    warnings(inspection.warnings());
    inspection.answers().forEach(this::answer);
    inspection.comparison().ifPresent(this::comparison);
    out.flush();
  }

  private void facts(List<Fact> facts) {
    for (Fact fact : facts) {
      String source = "from " + fact.source();
      String shown = fact.assumed() ? terminal.yellow("assumed") : terminal.faint(source);
      line("  %-16s %-24s %s".formatted(fact.name(), Texts.oneLine(fact.value()), shown));
    }
  }

  private void tensors(String title, List<TensorSpec> specs) {
    heading(title);
    specs.forEach(
        spec ->
            line(
                "  %-24s %-6s %s"
                    .formatted(
                        Texts.oneLine(spec.name()), spec.datatype(), Texts.shape(spec.shape()))));
  }

  private void files(FolderFiles files) {
    heading("Files used");
    files.used().forEach(this::file);
    if (!files.ignored().isEmpty()) {
      heading("Files ignored");
      files.ignored().stream().limit(IGNORED_FILES_MAX).forEach(this::file);
      int more = files.ignored().size() - IGNORED_FILES_MAX;
      if (more > 0) {
        line("  and %s more".formatted(more));
      }
    }
  }

  private void file(FolderFiles.Entry file) {
    line("  %-40s %10s".formatted(Texts.oneLine(file.name()), Texts.bytes(file.bytes())));
  }

  private void costs(Inspection inspection) {
    heading("Cost");
    line("  %-16s %s".formatted("size", Texts.bytes(inspection.folder().files().usedBytes())));
    line("  %-16s %s".formatted("memory", memory(inspection)));
    line("  %-16s %s".formatted("ready after", seconds(inspection.folder().readyAfter())));
    line("  %-16s %s".formatted("runtime", inspection.info().runtime()));
  }

  private static String memory(Inspection inspection) {
    return "about %s to load".formatted(Texts.bytes(inspection.folder().files().memoryBytes()));
  }

  private void warnings(List<String> warnings) {
    if (!warnings.isEmpty()) {
      heading("Warnings");
      warnings.forEach(warning -> line("  %s".formatted(terminal.yellow(Texts.oneLine(warning)))));
    }
  }

  private void answer(Answer answer) {
    heading(Texts.excerpt(answer.text()));
    switch (answer) {
      case Answer.Refused refused ->
          line("  %s".formatted(terminal.red(Texts.oneLine(refused.reason()))));
      case Answer.Given(var _, Result result, Duration took) -> {
        if (TokenLabel.isIn(result)) {
          TokenLabel.of(result).forEach(this::token);
        } else {
          line("  %s".formatted(shown(result)));
        }
        line("  %s tokens, %s".formatted(result.tokens(), seconds(took)));
      }
    }
  }

  private static String shown(Result result) {
    return switch (result.outputs().getFirst().name()) {
      case ModelInfo.LABEL_OUTPUT -> label(result);
      case ResultForm.TOKENS -> masks(result);
      case ResultForm.INDICES -> sparse(result);
      default -> embedding(result);
    };
  }

  /// Such as `paris 0.412345, lyon 0.023456`.
  private static String masks(Result result) {
    float[] scores = result.output(ResultForm.SCORES).floats();
    List<byte[]> tokens = result.output(ResultForm.STRINGS).bytes();
    return IntStream.range(0, Math.min(scores.length, NUMBERS_SHOWN))
        .mapToObj(
            i ->
                String.format(
                    Locale.ROOT,
                    "%s %.6f",
                    Texts.oneLine(new String(tokens.get(i), StandardCharsets.UTF_8)),
                    scores[i]))
        .collect(Collectors.joining(", "));
  }

  private static String sparse(Result result) {
    int count = result.output(ResultForm.VALUES).floats().length;
    return "%d weights that are not 0; --json prints all".formatted(count);
  }

  private void token(TokenLabel token) {
    line(
        String.format(
            Locale.ROOT,
            "  %-20s %s, score %.6f, %d to %d",
            Texts.oneLine(token.token()),
            token.label(),
            token.score(),
            token.start(),
            token.end()));
  }

  private static String label(Result result) {
    byte[] label = result.output(ModelInfo.LABEL_OUTPUT).bytes().getFirst();
    float score = result.output(ModelInfo.SCORE_OUTPUT).floats()[0];
    return String.format(
        Locale.ROOT, "%s, score %.6f", new String(label, StandardCharsets.UTF_8), score);
  }

  private static String embedding(Result result) {
    float[] values = result.output(ModelInfo.EMBEDDING_OUTPUT).floats();
    String shown =
        IntStream.range(0, Math.min(values.length, NUMBERS_SHOWN))
            .mapToObj(i -> String.format(Locale.ROOT, "%.6f", values[i]))
            .collect(Collectors.joining(", "));
    return values.length > NUMBERS_SHOWN
        ? "[%s, …] %d numbers; --json prints all".formatted(shown, values.length)
        : "[%s]".formatted(shown);
  }

  private void comparison(Comparison comparison) {
    heading("Cosine with the expected embeddings");
    for (Comparison.Line line : comparison.lines()) {
      String text = Texts.excerpt(line.text());
      boolean passes = comparison.passes(line);
      String shown =
          switch (line) {
            case Comparison.Compared compared -> cosine(compared.cosine());
            case Comparison.Failed failed -> Texts.oneLine(failed.reason());
          };
      line(
          "  line %-6s %s  %s"
              .formatted(line.number(), passes ? shown : terminal.red(shown), text));
    }
    comparison
        .worst()
        .ifPresent(
            worst -> line("  worst %s, line %s".formatted(cosine(worst.cosine()), worst.number())));
    line(
        "  %s of %s lines are below %s or failed"
            .formatted(comparison.failures(), comparison.lines().size(), comparison.cosineMin()));
  }

  private static String cosine(double cosine) {
    return String.format(Locale.ROOT, "%.7f", cosine);
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.3f s", duration.toNanos() / 1e9);
  }

  private void heading(String title) {
    out.println();
    out.println(terminal.bold(title));
  }

  private void line(String line) {
    out.println(line);
  }
}
