package dev.pilotlight.cli;

import dev.pilotlight.cli.page.ReportFile;
import dev.pilotlight.cli.replay.Malformed;
import dev.pilotlight.cli.replay.Traffic;
import dev.pilotlight.cli.replay.TrafficFormat;
import dev.pilotlight.cli.tune.CpuLimit;
import dev.pilotlight.cli.tune.CpuLimits;
import dev.pilotlight.cli.tune.SizeResult;
import dev.pilotlight.cli.tune.Sizes;
import dev.pilotlight.cli.tune.TuneReport;
import dev.pilotlight.cli.tune.Tuner;
import dev.pilotlight.cli.tune.Weights;
import dev.pilotlight.cli.tune.Workload;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `pilotlight tune`: measures the package at sizes of memory.
@Command(
    name = "tune",
    description = {
      "Measures the package at sizes of a function's memory on this machine, and prints cold start,"
          + " milliseconds and USD a million requests, with the cheapest, the fastest and the"
          + " balanced size.",
      "",
      "Lambda gives a vCPU with 1,769 MB. A quota of processor time (cgroups, or systemd) does the"
          + " same here; sizes with more vCPUs than this machine has are not measured.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Pilotlight.Version.class,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  pilotlight tune",
      "  pilotlight tune --traffic traffic.jsonl --sizes 1024,1769,3008 --html tune.html"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Done.",
      "1:Failed: there is no package, an answer is wrong, or no size can be measured here.",
      "2:The command line or the traffic file is wrong."
    })
final class Tune implements Callable<Integer> {
  private static final int REQUESTS_MAX = 100_000;
  private static final int STARTS_MAX = 100;

  private final Terminal terminal;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
  @Spec
  private CommandSpec spec;

  @Option(
      names = "--package",
      paramLabel = "FOLDER",
      defaultValue = "target/pilotlight",
      description = "The package, unzipped; default: ${DEFAULT-VALUE}.")
  private Path root = Path.of("");

  @Option(
      names = "--models",
      paramLabel = "FOLDER",
      description = "The model repository; default: that of the package.")
  private @Nullable Path models;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "The model that is asked; default: the only one.")
  private @Nullable String model;

  @Option(
      names = "--traffic",
      paramLabel = "FILE",
      description = "Requests as those of replay, instead of --weights.")
  private @Nullable Path traffic;

  @Option(
      names = "--weights",
      paramLabel = "WEIGHTS",
      description = "How much of the traffic is of each kind; default: " + Weights.DEFAULT + ".")
  private @Nullable String weights;

  @Option(
      names = "--sizes",
      paramLabel = "MB",
      split = ",",
      description = "The sizes; default: 14 from 512 to 10240.")
  private List<String> sizes = new ArrayList<>();

  @Option(
      names = "--requests",
      paramLabel = "COUNT",
      defaultValue = "100",
      description =
          "Requests of a kind at each size, of long ones half, of many a fifth; with --traffic of"
              + " all kinds together; default: ${DEFAULT-VALUE}.")
  private int requests;

  @Option(
      names = "--starts",
      paramLabel = "COUNT",
      defaultValue = "3",
      description = "Cold starts at each size; default: ${DEFAULT-VALUE}.")
  private int starts;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Writes the report as one HTML page, too.")
  private @Nullable Path html;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean json;

  Tune(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Integer> chosen;
    Map<String, Double> shares;
    try {
      chosen = sizes.isEmpty() ? Sizes.DEFAULT : Sizes.parse(sizes);
      shares = Weights.parse(weights == null ? Weights.DEFAULT : weights);
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
    if (requests < 1 || requests > REQUESTS_MAX || starts < 1 || starts > STARTS_MAX) {
      throw usage("--requests or --starts is out of range; accepted: 1–100000, 1–100");
    }
    if (traffic != null && (weights != null || model != null)) {
      throw usage("--traffic excludes --weights and --model: its requests have models");
    }
    String obstacle = ReportFile.obstacle(html);
    if (!obstacle.isEmpty()) {
      throw usage("--html is %s, %s".formatted(html, obstacle));
    }
    Traffic recorded = recorded();
    try {
      return tune(chosen, shares, recorded);
    } catch (IllegalArgumentException | IllegalStateException e) {
      spec.commandLine().getErr().println("pilotlight: " + Texts.oneLine("" + e.getMessage()));
      return ExitCode.SOFTWARE;
    }
  }

  private @Nullable Traffic recorded() throws IOException {
    Path file = traffic;
    if (file == null) {
      return null;
    }
    if (!Files.isRegularFile(file)) {
      throw usage(file + " does not exist, or is not a file");
    }
    try {
      Traffic read =
          Traffic.read(
              file, TrafficFormat.AUTO, List.of(), Set.of("GET", "HEAD", "POST"), requests + 1);
      if (read.requests().size() < 2) {
        throw usage(file + " holds one request; accepted: two or more, the first is not measured");
      }
      return read;
    } catch (Malformed e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  private int tune(List<Integer> chosen, Map<String, Double> shares, @Nullable Traffic recorded)
      throws IOException, InterruptedException {
    CpuLimits limits = CpuLimits.find();
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    double processors = CpuLimits.processors();
    try (CpuLimit limit = limits.limit()) {
      Tuner tuner = new Tuner(root, models, limit, processors);
      Workload workload;
      List<SizeResult> results = new ArrayList<>();
      try {
        workload =
            recorded == null
                ? tuner.weighted(model, shares, requests)
                : Tuner.recorded(String.valueOf(traffic), recorded.requests(), requests);
        for (int size : chosen) {
          results.add(measure(tuner, size, workload));
        }
      } catch (IllegalStateException e) {
        throw new IllegalStateException(e.getMessage() + "; its output is in " + tuner.log(), e);
      }
      tuner.deleteLog();
      String arch = System.getProperty("os.arch");
      return print(new TuneReport(workload, limits, arch, load, starts, results));
    }
  }

  private SizeResult measure(Tuner tuner, int size, Workload workload) throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    String work = "measuring %d MB".formatted(size);
    try (var _ = Progress.start(out, terminal, work, Progress.FIRST_AFTER)) {
      return tuner.measure(size, workload, starts);
    }
  }

  private int print(TuneReport report) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(report.json());
    } else {
      report.lines().forEach(line -> out.println(Texts.oneLine(line)));
    }
    out.flush();
    if (html != null) {
      ReportFile.write(html, report.page());
    }
    if (report.choice().isEmpty()) {
      throw new IllegalStateException("no size can be measured and used on this machine");
    }
    return 0;
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
