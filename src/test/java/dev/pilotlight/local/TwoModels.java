package dev.pilotlight.local;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.OnnxModels;
import java.util.List;
import java.util.Random;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/// A small model and a large one, in `s3://models/m`.
final class TwoModels {
  static final int WEIGHT_BYTES = 3_000_000;

  private TwoModels() {}

  /// `large` has three megabytes that do nothing; `a-small` is the default.
  static void putInto(S3Local s3) {
    byte[] noise = new byte[WEIGHT_BYTES];
    new Random(1).nextBytes(noise);
    Tensor weights = new Tensor("w", Datatype.INT8, new long[] {WEIGHT_BYTES}, noise);
    OnnxGraph large =
        OnnxModels.identity(Datatype.FP32, "n")
            .output("sum", Datatype.INT8, WEIGHT_BYTES)
            .initializer(weights)
            .node("Identity", List.of("w"), List.of("sum"));
    try (S3Client client = s3.client()) {
      put(client, "m/large/1/model.onnx", large.toBytes());
      put(client, "m/a-small/1/model.onnx", OnnxModels.identity(Datatype.FP32, "n").toBytes());
    }
  }

  private static void put(S3Client client, String key, byte[] content) {
    client.putObject(to -> to.bucket("models").key(key), RequestBody.fromBytes(content));
  }
}
