package dev.pilotlight.bench.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.bench.baseline.BaselineEvent;
import dev.pilotlight.bench.baseline.BaselineProcess;
import dev.pilotlight.bench.report.Cores;
import dev.pilotlight.bench.report.Row;
import dev.pilotlight.bench.report.Series;
import dev.pilotlight.bench.report.Target;
import dev.pilotlight.bench.setup.BenchOptions;
import dev.pilotlight.bench.setup.FunctionProcess;
import dev.pilotlight.bench.setup.Setup;
import dev.pilotlight.bench.setup.Texts;
import dev.pilotlight.local.wire.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/// Lines of an object that the batch function answers in a second. The baselines are raw runs of as
/// many texts in the same windows, longest first, with the same calls to DynamoDB, and the raw runs
/// alone. Only the function's time includes reading and writing in S3. A second function runs with
/// `PILOTLIGHT_BATCH_STORE=off`. On two cores DynamoDB Local and the local S3 take part of the
/// function's; on one core they mostly run on the other one, as on AWS they run elsewhere.
public final class JsonlBatch implements Measure {
  /// The function's, by default.
  private static final int WINDOW = 1024;

  private static final Target LEAST = new Target.AtLeastTimes(0.85);
  private static final Target LEAST_ALONE = new Target.AtLeastTimes(0.95);
  private static final Target LEAST_OFF = new Target.AtLeastTimes(0.97);
  private static final Map<String, String> OFF = Map.of("PILOTLIGHT_BATCH_STORE", "off");
  private static final List<Place> PLACES =
      List.of(
          new Place("two cores", Setup.TWO_CPUS_MB, Cores.ALL),
          new Place("one core", Setup.ONE_CPU_MB, Cores.ONE));
  private static final int CHECKED = 20;
  private static final double MS = 1000;
  private static final String IN = "pilotlight-in";
  private static final String OUT = "pilotlight-out";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Override
  public String name() {
    return "batch";
  }

  @Override
  public int steps(BenchOptions options) {
    return PLACES.size() * Turns.steps(options);
  }

  @Override
  public List<Row> run(Setup setup) throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    for (Place place : PLACES) {
      rows.addAll(rows(setup, place));
    }
    return rows;
  }

  private static List<Row> rows(Setup setup, Place place) throws IOException, InterruptedException {
    int memoryMb = place.memoryMb;
    Cores cores = place.cores;
    Map<String, String> variables = Warm.variables(Warm.ON_DEMAND);
    try (FunctionProcess function = setup.batchFunction(memoryMb, Map.of(), cores);
        FunctionProcess off = setup.batchFunction(memoryMb, OFF, cores);
        FunctionProcess baseline = BaselineProcess.start(setup, memoryMb, variables, cores);
        S3Client s3 = setup.s3().client()) {
      return new Lines(setup, function, off, baseline, s3).rows(place.name);
    }
  }

  /// Where the processes run.
  private record Place(String name, int memoryMb, Cores cores) {}

  /// An object that a function answered.
  private record Answered(String key, List<String> texts) {}

  /// Sends lines to the functions, and as many texts to the baseline.
  private static final class Lines {
    private final Setup setup;
    private final FunctionProcess function;
    private final FunctionProcess off;
    private final FunctionProcess baseline;
    private final S3Client s3;
    private final int lines;
    private final List<Answered> round = new ArrayList<>();
    private int objects;

    Lines(
        Setup setup,
        FunctionProcess function,
        FunctionProcess off,
        FunctionProcess baseline,
        S3Client s3) {
      this.setup = setup;
      this.function = function;
      this.off = off;
      this.baseline = baseline;
      this.s3 = s3;
      this.lines = setup.options().lines();
    }

    List<Row> rows(String place) throws IOException, InterruptedException {
      String what =
          "%s, %,d lines of %d–%d tokens".formatted(place, lines, Texts.SHORTEST, Texts.LONGEST);
      List<Series> series =
          new Turns("batch, " + what, 1, 1, "lines/s")
              .play(
                  setup,
                  List.of(
                      new Turns.Player("function", () -> answer(function)),
                      new Turns.Player(
                          "runs, batch calls", () -> baseline(BaselineEvent.Work.MANY)),
                      new Turns.Player("runs alone", () -> baseline(BaselineEvent.Work.RUNS)),
                      new Turns.Player("function, store off", () -> answer(off))),
                  this::check);
      return List.of(
          new Row(what, series.getFirst(), series.get(1), LEAST),
          new Row(what + ", against runs alone", series.getFirst(), series.get(2), LEAST_ALONE),
          new Row(
              what + ", store off, against runs alone", series.get(3), series.get(2), LEAST_OFF));
    }

    private double answer(FunctionProcess asked) throws IOException, InterruptedException {
      List<String> texts = setup.texts().mixed(lines);
      String key = "batch-%d.jsonl".formatted(objects++);
      StringBuilder object = new StringBuilder();
      for (int i = 0; i < lines; i++) {
        object.append("{\"id\":%d,\"text\":\"%s\"}\n".formatted(i, texts.get(i)));
      }
      var _ = s3.putObject(put -> put.bucket(IN).key(key), RequestBody.fromString(object + ""));
      Reply reply = Warm.call(asked, setup.events().created(key));
      if (!reply.text().contains("\"ending\":\"done\"")) {
        throw new IllegalStateException("not done: " + reply.text());
      }
      round.add(new Answered(key, texts));
      return rate(reply);
    }

    private double baseline(BaselineEvent.Work work) throws IOException, InterruptedException {
      List<String> texts = setup.texts().mixed(lines);
      List<long[]> ids = new ArrayList<>(lines);
      for (int from = 0; from < lines; from += WINDOW) {
        texts.subList(from, Math.min(from + WINDOW, lines)).stream()
            .map(setup.reference()::tokens)
            .sorted(Comparator.comparingInt((long[] item) -> item.length).reversed())
            .forEach(ids::add);
      }
      int valueBytes = Warm.valueBytes(setup.reference().dimensions(), Texts.LONGEST);
      String prefix = Long.toString(System.nanoTime(), Character.MAX_RADIX);
      BaselineEvent event = new BaselineEvent(work, 0, valueBytes, prefix, WINDOW, ids);
      return rate(Warm.call(baseline, event.encoded(0)));
    }

    private double rate(Reply reply) {
      return lines * MS / reply.wireMs();
    }

    /// Checks the round's output: every line is in its place and was run, and samples are right.
    private void check() throws IOException {
      for (Answered answered : round) {
        check(answered.key, answered.texts);
      }
      round.clear();
    }

    private void check(String key, List<String> texts) throws IOException {
      JsonNode summary = MAPPER.readTree(object(key + ".summary.json"));
      String[] out = object(key + ".out.jsonl").split("\n", -1);
      if (out.length != lines + 1 || summary.path("runs").asInt() != lines) {
        throw new IllegalStateException("not %d new answers: %s".formatted(lines, summary));
      }
      for (int i = 0; i < lines; i++) {
        if (!out[i].startsWith("{\"line\":%d,\"id\":%d,".formatted(i + 1, i))) {
          throw new IllegalStateException("line %d is not in its place: %s".formatted(i, out[i]));
        }
      }
      for (int i : IntStream.range(0, CHECKED).map(i -> i * lines / CHECKED).toArray()) {
        float[] vector =
            MAPPER.treeToValue(MAPPER.readTree(out[i]).get("embedding"), float[].class);
        setup.reference().check(texts.get(i), vector);
      }
      List.of(".out.jsonl", ".summary.json")
          .forEach(end -> s3.deleteObject(delete -> delete.bucket(OUT).key(key + end)));
      var _ = s3.deleteObject(delete -> delete.bucket(IN).key(key));
    }

    private String object(String name) {
      return s3.getObjectAsBytes(get -> get.bucket(OUT).key(name)).asUtf8String();
    }
  }
}
