package dev.pilotlight.bench.measure;

import dev.pilotlight.bench.setup.FunctionProcess;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultCodec;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.local.wire.Reply;
import java.util.List;
import java.util.Map;

/// Shared by the measures of warm processes.
final class Warm {
  static final String ON_DEMAND = "on-demand";
  static final String PROVISIONED = "provisioned-concurrency";

  /// Tokens of a short and of a long text.
  static final int SHORT = 12;

  static final int LONG = 128;

  /// Timeouts of Redis for a busy machine, where 50 ms may pass without a turn: the breaker would
  /// open, and a request would be measured that does not ask Redis.
  static final Map<String, String> PATIENT_REDIS =
      Map.of("PILOTLIGHT_REDIS_READ_MS", "1000", "PILOTLIGHT_REDIS_TOTAL_MS", "1000");

  private Warm() {}

  /// Calls and waits until the process is idle, so that its work after the answer does not disturb
  /// the next turn.
  static Reply call(FunctionProcess process, byte[] event) throws InterruptedException {
    Reply reply = process.call(event);
    process.awaitReady();
    return reply;
  }

  /// @param initialisation [#ON_DEMAND] or [#PROVISIONED]: which compilers `bootstrap` chooses
  static Map<String, String> variables(String initialisation) {
    return Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", initialisation);
  }

  /// The length of the function's stored values.
  static int valueBytes(int dimensions, int tokens) {
    long[] shape = {dimensions};
    Tensor vector = Tensor.ofFloats("embedding", shape, new float[dimensions]);
    return ResultCodec.encode(new Result(List.of(vector), tokens)).length;
  }
}
