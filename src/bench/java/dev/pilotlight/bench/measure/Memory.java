package dev.pilotlight.bench.measure;

import dev.pilotlight.bench.report.Row;
import dev.pilotlight.bench.report.Series;
import dev.pilotlight.bench.report.Target;
import dev.pilotlight.bench.setup.BenchOptions;
import dev.pilotlight.bench.setup.FunctionProcess;
import dev.pilotlight.bench.setup.Setup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Peak memory of the function's process after a thousand mixed requests, and its growth with the
/// number of requests.
///
/// Growth is the rise of the straight line through the last fifth of the series (least squares). A
/// leak of a hundred bytes a request would be 1 MB there. The heap is collected five times during
/// the series: results that the memory cache has evicted are garbage among the old objects. With
/// half of the function's memory for the heap, Java alone would not collect those for some 400,000
/// requests, and they would look like a leak; the event loop collects after 40 MB of growth. With
/// `-Dbench.memory.requests` nothing is forced.
public final class Memory implements Measure {
  /// Timeouts of DynamoDB for a busy machine: the series takes long, and one call that fails would
  /// end it.
  private static final Map<String, String> PATIENT_STORE =
      Map.of(
          "PILOTLIGHT_STORE_ATTEMPT_MS", "10000",
          "PILOTLIGHT_STORE_READ_MS", "20000",
          "PILOTLIGHT_STORE_WRITE_MS", "20000");

  private static final Target PEAK_MB = new Target.AtMost(190);
  private static final Target GROWTH_MB = new Target.AtMost(1);

  /// Requests for the peak, and between two samples of the series.
  private static final int REQUESTS_PER_RUN = 100;

  private static final int SAMPLES_PER_RUN = 5;
  private static final int LAST_PART = 5;
  private static final String PEAK = "VmHWM:";
  private static final String NOW = "VmRSS:";
  private static final double KIB_IN_MB = 1024 / 1e6;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public int steps(BenchOptions options) {
    return options.rounds() + samples(options);
  }

  private static int samples(BenchOptions options) {
    int asked = options.memoryRequests() / (REQUESTS_PER_RUN * options.runs());
    return options.memoryRequests() == 0
        ? SAMPLES_PER_RUN * options.runs()
        : Math.max(LAST_PART, asked);
  }

  @Override
  public List<Row> run(Setup setup) throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    rows.add(peak(setup));
    rows.addAll(growth(setup));
    return rows;
  }

  private static Row peak(Setup setup) throws IOException, InterruptedException {
    Series.Collector peaks = new Series.Collector();
    int requests = requests(setup);
    for (int round = 0; round < setup.options().rounds(); round++) {
      try (FunctionProcess function = start(setup)) {
        Mix mix = new Mix(setup, function);
        mix.send(requests);
        peaks.nextRound();
        peaks.add(peakMegabytes(function.pid()));
        setup
            .progress()
            .step("memory: %s, peak %s MB".formatted(mix, Target.number(peaks.lastMedian())));
      }
    }
    return Row.alone(
        "peak RSS after %,d mixed requests".formatted(requests),
        peaks.series("function", "MB"),
        PEAK_MB);
  }

  private static List<Row> growth(Setup setup) throws IOException, InterruptedException {
    List<Double> series = new ArrayList<>();
    int samples = samples(setup.options());
    boolean forced = setup.options().memoryRequests() == 0;
    int each = requests(setup);
    try (FunctionProcess function = start(setup)) {
      Mix mix = new Mix(setup, function);
      for (int sample = 1; sample <= samples; sample++) {
        mix.send(each);
        if (forced && sample % (samples / LAST_PART) == 0) {
          function.collectGarbage();
        }
        series.add(megabytes(function.pid(), NOW));
        setup.progress().step("memory: %s, %s MB".formatted(mix, Target.number(series.getLast())));
      }
    }
    List<Double> last = series.subList(samples - samples / LAST_PART - 1, samples);
    String requests =
        "%,d mixed requests%s"
            .formatted(samples * each, forced ? "" : ", without forced collections");
    return List.of(
        Row.alone(
            "RSS each %,d of ".formatted(each) + requests,
            new Series("function", "MB", List.of(series)),
            new Target.None()),
        Row.alone(
            "its rise over the last %,d".formatted((last.size() - 1) * each),
            Series.of("function", "MB", rise(last)),
            GROWTH_MB));
  }

  /// The rise from the first to the last sample, along the line that fits them best.
  static double rise(List<Double> samples) {
    double middle = (samples.size() - 1) / 2.0;
    double mean = samples.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    double products = 0;
    double squares = 0;
    for (int i = 0; i < samples.size(); i++) {
      products += (i - middle) * (samples.get(i) - mean);
      squares += (i - middle) * (i - middle);
    }
    return products / squares * (samples.size() - 1);
  }

  private static int requests(Setup setup) {
    return REQUESTS_PER_RUN * setup.options().runs();
  }

  private static FunctionProcess start(Setup setup) throws IOException {
    Map<String, String> variables = new HashMap<>(Warm.variables(Warm.PROVISIONED));
    variables.putAll(Warm.PATIENT_REDIS);
    variables.putAll(PATIENT_STORE);
    return setup.function(Setup.ONE_CPU_MB, variables);
  }

  /// The peak memory of a process.
  static double peakMegabytes(long pid) throws IOException {
    return megabytes(pid, PEAK);
  }

  private static double megabytes(long pid, String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith(field)) {
        return Long.parseLong(line.replaceAll("\\D", "")) * KIB_IN_MB;
      }
    }
    throw new IllegalStateException("the process is gone");
  }
}
