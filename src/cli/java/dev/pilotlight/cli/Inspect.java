package dev.pilotlight.cli;

import dev.pilotlight.cli.folder.ModelFolder;
import dev.pilotlight.cli.inspect.Answer;
import dev.pilotlight.cli.inspect.ExpectedLine;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.files.ModelSettings;
import dev.pilotlight.support.EnvironmentVariables;
import dev.pilotlight.support.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `pilotlight inspect FOLDER`: shows what the function would serve from a folder, and why.
@Command(
    name = "inspect",
    description = {
      "Shows what the function would serve from a folder, and why.",
      "",
      "Loads the model with the function's own code, then prints its task, pooling and limits, each"
          + " with the file that decided it, its inputs and outputs, the files it uses and those"
          + " it ignores, size, memory, load time and warnings. PILOTLIGHT_... settings apply as"
          + " they do in the function.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Pilotlight.Version.class,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  pilotlight inspect models/all-minilm-l6-v2",
      "  pilotlight inspect ~/exports/bge-small --text \"hello world\"",
      "  pilotlight inspect models/m/2 --against expected.jsonl --strict"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:The folder can be served and all that was asked for holds.",
      "1:The model does not load, a text is refused, a cosine is too low, or --strict and a"
          + " warning.",
      "2:The command line or the file of --against is wrong."
    })
final class Inspect implements Callable<Integer> {
  private final Terminal terminal;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
  @Spec
  private CommandSpec spec;

  @Parameters(
      paramLabel = "FOLDER",
      description = "A version's folder, a model's folder, or any folder that holds an export.")
  private Path folder = Path.of("");

  @Option(
      names = "--text",
      paramLabel = "TEXT",
      description = "Embeds this text, or prints its labels. May be given several times.")
  private List<String> texts = new ArrayList<>();

  @Option(
      names = "--truncate",
      description =
          "Truncates texts over the token limit, as \"truncate\": true in a request does.")
  private boolean truncate;

  @Option(
      names = "--against",
      paramLabel = "FILE",
      description =
          "Compares with embeddings made elsewhere, one JSON object a line:"
              + " {\"text\": \"...\", \"embedding\": [...]}. Prints the cosine of each line.")
  private @Nullable Path against;

  @Option(
      names = "--min-cosine",
      paramLabel = "COSINE",
      defaultValue = "0.99999",
      description = "The lowest cosine that --against accepts; default: ${DEFAULT-VALUE}.")
  private double cosineMin;

  @Option(names = "--strict", description = "Exits with 1 if there is a warning.")
  private boolean strict;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean json;

  Inspect(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    check();
    PrintWriter out = spec.commandLine().getOut();
    Inspection inspection;
    try (ModelFolder opened = open(out)) {
      List<Answer> answers =
          texts.stream().map(text -> Answer.of(opened.model(), text, truncate)).toList();
      inspection = new Inspection(opened, answers, compare(opened.model(), out));
    }
    if (json) {
      JsonReport.print(inspection, out);
    } else {
      new TextReport(terminal, out).print(inspection);
    }
    return inspection.passes(strict) ? 0 : 1;
  }

  private void check() {
    if (!Files.isDirectory(folder)) {
      String what = Files.exists(folder) ? " is a file; name its folder" : " does not exist";
      throw usage(folder + what);
    }
    if (!(cosineMin >= -1 && cosineMin <= 1)) {
      throw usage("--min-cosine is " + cosineMin + "; accepted: -1 to 1");
    }
    if (against != null && !(Files.isRegularFile(against) && Files.isReadable(against))) {
      throw usage("--against " + against + " is not a file that can be read");
    }
    if (texts.stream().anyMatch(text -> text.indexOf('\uFFFD') >= 0)) {
      throw usage("--text is not in the terminal's encoding; set LC_ALL=C.UTF-8");
    }
  }

  private ModelFolder open(PrintWriter out) {
    ModelSettings settings;
    try {
      settings = ModelSettings.from(new Settings(EnvironmentVariables.ofProcess()));
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
    try (var _ = progress(out, "loading " + folder)) {
      return ModelFolder.open(folder, settings);
    }
  }

  private Optional<Comparison> compare(Model model, PrintWriter out) {
    if (against == null) {
      return Optional.empty();
    }
    try (var _ = progress(out, "comparing with " + against)) {
      return Optional.of(Comparison.of(model, against, cosineMin, truncate));
    } catch (ExpectedLine.Malformed e) {
      throw usage("--against " + against + ", " + e.getMessage());
    } catch (IOException e) {
      throw usage("--against " + against + " cannot be read: " + e);
    }
  }

  private Progress progress(PrintWriter out, String work) {
    return Progress.start(out, terminal, work, Progress.FIRST_AFTER);
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
