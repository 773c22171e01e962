package dev.pilotlight.cli;

import dev.pilotlight.cli.onnx.ModelFile;
import dev.pilotlight.cli.quantize.Accuracy;
import dev.pilotlight.cli.quantize.Form;
import dev.pilotlight.cli.quantize.Measurement;
import dev.pilotlight.cli.quantize.NextVersion;
import dev.pilotlight.cli.quantize.QuantizeBounds;
import dev.pilotlight.cli.quantize.Quantizer;
import dev.pilotlight.cli.quantize.SampleTexts;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.files.Layout;
import dev.pilotlight.model.files.ModelSettings;
import dev.pilotlight.model.files.PackedModel;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `pilotlight quantize FOLDER`: writes the next version of a model, with weights of 8 bits.
@Command(
    name = "quantize",
    description = {
      "Writes the next version of a model with weights of 8 bits, and measures the effect.",
      "",
      "Rewrites the graph, copies all other files, and compares size, speed and answers with the"
          + " original by the function's own code. A result that is not accurate enough is not"
          + " written. PILOTLIGHT_... settings apply as they do in the function.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Pilotlight.Version.class,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  pilotlight quantize models/all-minilm-l6-v2",
      "  pilotlight quantize models/m/1 --texts my-texts.txt --cosine-min 0.99",
      "  pilotlight quantize models/m --weights-only"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:The next version is written.",
      "1:The model cannot be quantised, or the result is not accurate enough; nothing is written.",
      "2:The command line or the file of --texts is wrong."
    })
final class Quantize implements Callable<Integer> {
  private final Terminal terminal;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
  @Spec
  private CommandSpec spec;

  @Parameters(
      paramLabel = "FOLDER",
      description = "A version's folder, a model's folder, or any folder that holds an export.")
  private Path folder = Path.of("");

  @Option(
      names = "--weights-only",
      description =
          "Quantises the weights in blocks of 32 (MatMulNBits), not by dynamic int8"
              + " (MatMulInteger): closer to the original, but larger and slower.")
  private boolean weightsOnly;

  @Option(
      names = "--per-tensor",
      description = "Gives a weight one scale, not one for each channel: much less accurate.")
  private boolean perTensor;

  @Option(
      names = "--reduce-range",
      description =
          "Uses 7 of 8 bits for weights of products, whose sums then fit processors without VNNI.")
  private boolean reduceRange;

  @Option(
      names = "--texts",
      paramLabel = "FILE",
      description =
          "Measures the accuracy on these texts, one a line, not on those of the command; a model"
              + " with one label gets each with the next one as a pair.")
  private @Nullable Path texts;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
  @Mixin
  private QuantizeBounds bounds;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean json;

  Quantize(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    check();
    List<String> samples = texts == null ? SampleTexts.ALL : read(texts);
    ModelSettings settings = settings();
    PrintWriter out = spec.commandLine().getOut();
    try (ModelFolder original = open(out, folder, settings)) {
      Accuracy.requireComparable(original.model().info());
      refusePackaged(original);
      requireOrder(original.model().info(), samples);
      quantise(out, original, settings, samples);
    } catch (IOException e) {
      throw Refusal.broken("the next version cannot be written: " + e, e);
    }
    return 0;
  }

  private void check() {
    if (!Files.isDirectory(folder)) {
      String what = Files.exists(folder) ? " is a file; name its folder" : " does not exist";
      throw usage(folder + what);
    }
    if (weightsOnly && (perTensor || reduceRange)) {
      throw usage(
          "--weights-only has scales by block; accepted without --per-tensor and --reduce-range");
    }
    Optional<String> wrong = bounds.fault();
    if (wrong.isPresent()) {
      throw usage(wrong.get());
    }
  }

  private List<String> read(Path file) {
    try {
      return SampleTexts.read(file);
    } catch (IllegalArgumentException e) {
      throw usage("--texts " + file + " " + e.getMessage());
    }
  }

  private void requireOrder(ModelInfo info, List<String> samples) {
    if (info.ranks() && samples.size() < SampleTexts.RANKED_MIN) {
      throw usage(
          "--texts has %d texts; accepted for a model with one label: at least %d"
              .formatted(samples.size(), SampleTexts.RANKED_MIN));
    }
  }

  private ModelSettings settings() {
    try {
      return ModelSettings.from(new Settings(EnvironmentVariables.ofProcess()));
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  private ModelFolder open(PrintWriter out, Path directory, ModelSettings settings) {
    try (var _ = progress(out, "loading " + folder)) {
      return ModelFolder.open(directory, settings);
    }
  }

  private static void refusePackaged(ModelFolder original) {
    if (names(original).contains(PackedModel.FILE)) {
      throw Refusal.broken(
          "%s holds a packaged model, whose graph is optimised; name the original's folder"
              .formatted(original.directory()),
          null);
    }
  }

  private static String graph(ModelFolder model) {
    return model.files().used().getFirst().name();
  }

  private static List<String> names(ModelFolder model) {
    return Stream.of(model.files().used(), model.files().ignored())
        .flatMap(List::stream)
        .map(FolderFiles.Entry::name)
        .toList();
  }

  private void quantise(
      PrintWriter out, ModelFolder original, ModelSettings settings, List<String> samples)
      throws IOException {
    Form form = weightsOnly ? Form.weightsOnly() : Form.dynamic(perTensor, reduceRange);
    String graph = graph(original);
    try (NextVersion next = NextVersion.of(original.directory())) {
      // nothing is left when the command is stopped
      Thread cleaning = new Thread(() -> remove(next));
      Runtime.getRuntime().addShutdownHook(cleaning);
      try {
        Quantizer.Counts counts;
        try (var _ = progress(out, "quantising " + folder)) {
          ModelFile model = ModelFile.read(original.directory().resolve(graph));
          counts = Quantizer.quantise(model, form);
          next.write(model, original.directory(), graph, names(original), form.inlineBytesMax());
        }
        Measurement measurement = measure(out, original, next, settings, samples);
        Optional<String> fault = measurement.accuracy().fault(bounds.all());
        if (fault.isEmpty()) {
          next.publish();
        }
        ModelInfo info = original.model().info();
        print(
            out,
            new QuantizeReport(
                info.name(),
                info.version(),
                form.label(),
                counts,
                measurement,
                warnings(next),
                measurement.accuracy().bounded(bounds.all()),
                next.target(),
                fault));
      } finally {
        var _ = Runtime.getRuntime().removeShutdownHook(cleaning);
      }
    }
  }

  private static void remove(NextVersion next) {
    try {
      next.close();
    } catch (IOException e) {
      // the process ends; its folder is hidden, and the function ignores it
    }
  }

  private Measurement measure(
      PrintWriter out,
      ModelFolder original,
      NextVersion next,
      ModelSettings settings,
      List<String> samples)
      throws IOException {
    String graph = graph(original);
    try (ModelFolder quantised = open(out, next.folder(), settings);
        var _ = progress(out, "measuring")) {
      return Measurement.of(
          original.model(),
          NextVersion.bytes(original.directory(), graph),
          quantised.model(),
          NextVersion.bytes(next.folder(), graph),
          samples);
    }
  }

  private List<String> warnings(NextVersion next) {
    List<String> warnings = new ArrayList<>();
    if (perTensor) {
      warnings.add(
          "one scale for a whole weight is much less accurate; the default is one for each"
              + " channel");
    }
    Path model = next.target().getParent();
    Path repository = model == null ? null : model.getParent();
    if (repository != null && Files.exists(repository.resolve(Layout.LOCK))) {
      warnings.add(
          "%s does not list the new version: run pilotlight lock %s"
              .formatted(Layout.LOCK, repository));
    }
    return warnings;
  }

  private void print(PrintWriter out, QuantizeReport report) {
    if (json) {
      report.printJson(out);
    } else {
      report.print(terminal, out);
    }
    if (report.fault().isPresent()) {
      throw Refusal.broken(report.fault().get() + "; nothing was written", null);
    }
  }

  private Progress progress(PrintWriter out, String work) {
    return Progress.start(out, terminal, work, Progress.FIRST_AFTER);
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
