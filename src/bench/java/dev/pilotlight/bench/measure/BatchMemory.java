package dev.pilotlight.bench.measure;

import dev.pilotlight.bench.report.Row;
import dev.pilotlight.bench.report.Series;
import dev.pilotlight.bench.report.Target;
import dev.pilotlight.bench.setup.BenchOptions;
import dev.pilotlight.bench.setup.Setup;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;

/// Peak memory of the batch function's process for an object of many lines, over that for one of
/// few. The object arrives in the bucket of the local runner.
public final class BatchMemory implements Measure {
  private static final Target OVER_MB = new Target.AtMostOver(100);
  private static final int FEW_PER_RUN = 200;
  private static final Duration PATIENCE = Duration.ofHours(2);
  private static final String IN = "pilotlight-in";
  private static final String OUT = "pilotlight-out";
  private static final String KEY = "mixed.jsonl";

  @Override
  public String name() {
    return "batch-memory";
  }

  @Override
  public int steps(BenchOptions options) {
    return 2;
  }

  @Override
  public List<Row> run(Setup setup) throws IOException, InterruptedException {
    int few = FEW_PER_RUN * setup.options().runs();
    int many = setup.options().memoryLines();
    Series fewMb = peak(setup, few);
    Series manyMb = peak(setup, many);
    String what = "peak RSS for %,d lines, over that for %,d".formatted(many, few);
    return List.of(
        new Row(what, manyMb, fewMb, OVER_MB),
        new Row(what + ", times", manyMb, fewMb, new Target.Times()));
  }

  private static Series peak(Setup setup, int lines) throws IOException, InterruptedException {
    Options options =
        Options.onFreePorts().withPackage(setup.options().packaged()).withLogs(Options.Logs.OFF);
    MixedLines mixed = new MixedLines(lines);
    Path file = Files.createTempFile("pilotlight-mixed", ".jsonl");
    try (LocalStack stack = LocalStack.start(options);
        S3Client s3 = stack.s3().client()) {
      mixed.write(file);
      long begun = System.nanoTime();
      var _ = s3.putObject(put -> put.bucket(IN).key(KEY), file);
      if (!stack.awaitIdle(PATIENCE) || !stack.failures().isEmpty()) {
        throw new IllegalStateException("the batch was not answered: " + stack.failures());
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      double peakMb = Memory.peakMegabytes(pid());
      try (var out = s3.getObject(get -> get.bucket(OUT).key(KEY + ".out.jsonl"))) {
        mixed.check(out, stack.gatewayUrl());
      }
      setup
          .progress()
          .step(
              "batch-memory: %,d lines, %s MB, %s lines/s"
                  .formatted(lines, Target.number(peakMb), Target.number(lines / seconds)));
      return Series.of("%,d lines".formatted(lines), "MB", peakMb);
    } finally {
      Files.delete(file);
    }
  }

  private static long pid() {
    return ProcessHandle.current()
        .descendants()
        .mapToLong(ProcessHandle::pid)
        .filter(BatchMemory::isBatchFunction)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the process is gone"));
  }

  private static boolean isBatchFunction(long pid) {
    try {
      byte[] command = Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline"));
      return new String(command, StandardCharsets.UTF_8).contains("BatchHandler");
    } catch (IOException e) {
      return false; // it has just ended
    }
  }
}
