package dev.pilotlight.cli;

import dev.pilotlight.cli.aws.Aws;
import dev.pilotlight.cli.preflight.Account;
import dev.pilotlight.cli.preflight.Finding;
import dev.pilotlight.cli.preflight.FunctionZip;
import dev.pilotlight.cli.preflight.Malformed;
import dev.pilotlight.cli.preflight.Preset;
import dev.pilotlight.cli.preflight.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `pilotlight preflight`: whether a preset will deploy, and what to raise first.
@Command(
    name = "preflight",
    description = {
      "Asks AWS whether the presets of samconfig.toml will deploy, and prints what to raise.",
      "",
      "It compares what each preset needs with the package and with the account's quotas, and"
          + " changes nothing. Without credentials it prints what it could not ask, and still"
          + " checks package and presets.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Pilotlight.Version.class,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  pilotlight preflight",
      "  AWS_PROFILE=prod pilotlight preflight --preset production"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:The preset will deploy, as far as AWS can be asked; without --preset, the first one.",
      "1:It will not; a line FAILS has the reason.",
      "2:The command line, samconfig.toml, template.yaml or the zip is wrong.",
      "3:Nothing is known to fail, but a question was not answered."
    })
final class Preflight implements Callable<Integer> {
  private static final int UNANSWERED = 3;

  private final Terminal terminal;
  private final Supplier<Aws> aws;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
  @Spec
  private CommandSpec spec;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "Checks only this preset, as in sam deploy --config-env NAME.")
  private @Nullable String preset;

  @Option(
      names = "--zip",
      paramLabel = "FILE",
      defaultValue = "target/pilotlight.zip",
      description = "The package; default: ${DEFAULT-VALUE}.")
  private Path zip = Path.of("");

  @Option(
      names = "--region",
      paramLabel = "REGION",
      description = "The region to ask in; default: that of the preset, else of the environment.")
  private @Nullable String region;

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      defaultValue = ".",
      description = "Where samconfig.toml and template.yaml are; default: ${DEFAULT-VALUE}.")
  private Path folder = Path.of("");

  Preflight(Terminal terminal, Supplier<Aws> aws) {
    this.terminal = terminal;
    this.aws = aws;
  }

  @Override
  public Integer call() throws IOException {
    try {
      return check();
    } catch (Malformed e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  private int check() throws IOException, Malformed {
    List<Preset> presets = presets();
    Optional<FunctionZip> found =
        Files.isRegularFile(zip) ? Optional.of(FunctionZip.read(zip)) : Optional.empty();
    PrintWriter out = spec.commandLine().getOut();
    List<Verdict> verdicts;
    try (var _ = Progress.start(out, terminal, "asking AWS", Progress.FIRST_AFTER)) {
      Aws process = aws.get();
      Optional<String> forced = Optional.ofNullable(region);
      verdicts =
          Verdict.all(presets, found, ofPreset -> account(process, forced.or(() -> ofPreset)));
    }
    verdicts.forEach(verdict -> print(verdict, out));
    out.flush();
    return exitCode(verdicts.getFirst());
  }

  private List<Preset> presets() throws IOException, Malformed {
    Path config = folder.resolve("samconfig.toml");
    Path template = folder.resolve("template.yaml");
    for (Path file : List.of(config, template)) {
      if (!Files.isRegularFile(file)) {
        throw usage(file + " does not exist");
      }
    }
    List<Preset> all = Preset.all(config, template);
    String wanted = preset;
    if (wanted == null) {
      return all;
    }
    List<Preset> chosen = all.stream().filter(each -> each.name().equals(wanted)).toList();
    if (chosen.isEmpty()) {
      List<String> names = all.stream().map(Preset::name).toList();
      throw usage("--preset is %s; %s has %s".formatted(wanted, config, String.join(", ", names)));
    }
    return chosen;
  }

  private static Verdict.InRegion account(Aws aws, Optional<String> region) {
    Optional<String> here = region.or(aws::region);
    return new Verdict.InRegion(here, Account.ask(aws.calls(), here));
  }

  private void print(Verdict verdict, PrintWriter out) {
    out.printf(
        "%s: stack %s, %s%n",
        terminal.bold(verdict.preset().name()),
        verdict.preset().stack().orElse("(none)"),
        verdict.region().orElse("no region"));
    for (Finding finding : verdict.findings()) {
      String word = "%-8s".formatted(finding.status().word());
      String styled =
          switch (finding.status()) {
            case OK, NOTE -> word;
            case UNKNOWN -> terminal.yellow(word);
            case FAILS -> terminal.red(word);
          };
      out.printf("  %s %-15s %s%n", styled, finding.what(), Texts.oneLine(finding.text()));
    }
    out.printf("  %s%n%n", verdict.summary());
  }

  private static int exitCode(Verdict verdict) {
    return verdict.has(Finding.Status.FAILS)
        ? 1
        : verdict.has(Finding.Status.UNKNOWN) ? UNANSWERED : 0;
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
