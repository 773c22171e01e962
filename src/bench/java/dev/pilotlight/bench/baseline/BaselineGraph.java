package dev.pilotlight.bench.baseline;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Raw runs of the packaged graph, with the options that the function gives it. Thread-safe.
final class BaselineGraph {
  /// As many as one BatchWriteItem takes.
  private static final int TOGETHER = 25;

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          Runtime.getRuntime().availableProcessors(),
          Thread.ofPlatform().daemon().name("run-", 0).factory());

  private BaselineGraph(OrtEnvironment environment, OrtSession session) {
    this.environment = environment;
    this.session = session;
  }

  /// Takes finished values while others still run.
  interface Sink {
    /// Takes some of them, in their order.
    ///
    /// @param first the place of the first
    void take(int first, List<byte[]> values);
  }

  static BaselineGraph open(Path model) {
    System.setProperty("onnxruntime.native.path", Path.of("native").toAbsolutePath().toString());
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "baseline");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      return new BaselineGraph(environment, environment.createSession(model.toString(), options));
    } catch (OrtException e) {
      throw new IllegalStateException("the model cannot be opened", e);
    }
  }

  /// The first bytes of what the graph gives.
  byte[] run(long[] ids, int bytes) {
    long[] mask = new long[ids.length];
    Arrays.fill(mask, 1);
    Map<String, OnnxTensor> feeds = HashMap.newHashMap(3);
    try {
      feeds.put("input_ids", tensor(ids));
      feeds.put("attention_mask", tensor(mask));
      feeds.put("token_type_ids", tensor(new long[ids.length]));
      try (OrtSession.Result result = session.run(feeds)) {
        byte[] first = new byte[bytes];
        ((OnnxTensor) result.get(0)).getByteBuffer().get(first);
        return first;
      }
    } catch (OrtException e) {
      throw new IllegalStateException("the model cannot be run", e);
    } finally {
      feeds.values().forEach(OnnxTensor::close);
    }
  }

  /// Runs each item alone, one thread a core.
  void run(List<long[]> items, int bytes, Sink sink) {
    List<Future<byte[]>> runs = new ArrayList<>(items.size());
    items.forEach(ids -> runs.add(threads.submit(() -> run(ids, bytes))));
    for (int first = 0; first < runs.size(); first += TOGETHER) {
      List<byte[]> values = new ArrayList<>(TOGETHER);
      for (Future<byte[]> run : runs.subList(first, Math.min(first + TOGETHER, runs.size()))) {
        values.add(get(run));
      }
      sink.take(first, values);
    }
  }

  private OnnxTensor tensor(long[] values) throws OrtException {
    long[] shape = {1, values.length};
    return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
  }

  private static byte[] get(Future<byte[]> run) {
    try {
      return run.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a run failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
