package dev.pilotlight.protocol;

import dev.pilotlight.domain.Datatype;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.TensorSpec;
import dev.pilotlight.protocol.InferRequest.WantedOutput;
import java.util.List;

/// Tells before anything is run that a response cannot be small enough.
public final class InferSize {
  /// An embedding's numbers, as the shortest decimals that read back, take 9 to 13 bytes, comma
  /// included; fewer on average has only a vector made by hand.
  static final int EMBEDDING_DECIMAL_BYTES = 8;

  private static final int RESULT_ID_BYTES = 43;
  private static final int BASE64_BYTES_IN = 3;
  private static final int BASE64_BYTES_OUT = 4;

  private InferSize() {}

  /// The fewest bytes that the response's body can have, neither compressed nor base64-encoded. A
  /// size that only the run will tell counts as 0, each value as its shortest form.
  static long bodyBytesMin(InferCall call) {
    return bodyBytes(call, jsonBytesMin(Datatype.FP32));
  }

  private static long bodyBytes(InferCall call, int fp32Bytes) {
    int items = call.items().size();
    List<TensorSpec> given =
        call.ofTensors() ? call.model().graphOutputs() : call.model().outputs();
    long bytes = (long) items * RESULT_ID_BYTES;
    for (WantedOutput output : call.outputs()) {
      for (TensorSpec spec : given) {
        if (spec.name().equals(output.name())) {
          int open = call.ofTensors() ? 0 : items;
          bytes = saturatedSum(bytes, bytes(spec, output.binary(), open, fp32Bytes));
        }
      }
    }
    return bytes;
  }

  /// Refuses, before anything is run, a call whose answer will not fit a response: an embedding's
  /// decimals count as what computed ones have at least on average. Says nothing about JSON for
  /// clients that accept gzip: what that makes of an answer is only known afterwards.
  ///
  /// @param responseBytesMax the most a response event may have
  /// @throws Refusal TOO_LARGE
  public static void requireFits(InferCall call, HttpRequest request, long responseBytesMax) {
    boolean binary = call.outputs().stream().anyMatch(WantedOutput::binary);
    boolean embeddings = !call.ofTensors() && call.model().task() == Task.EMBEDDING;
    long body = embeddings ? bodyBytes(call, EMBEDDING_DECIMAL_BYTES) : bodyBytesMin(call);
    long bytes = binary ? saturatedProduct(body / BASE64_BYTES_IN, BASE64_BYTES_OUT) : body;
    if (bytes > responseBytesMax && (binary || !Bodies.acceptsGzip(request))) {
      throw Refusal.tooLarge(
          null,
          "the response would have %d bytes or more, over the limit of %d: ask for fewer items or"
                  .formatted(bytes, responseBytesMax)
              + " outputs, or binary ones (parameters.binary_data_output), or use a batch");
    }
  }

  /// @param open what an open size is: of stacked outputs the items, of a graph's unknown, so 0
  private static long bytes(TensorSpec spec, boolean binary, int open, int fp32Bytes) {
    Datatype datatype = spec.datatype();
    int json = datatype == Datatype.FP32 ? fp32Bytes : jsonBytesMin(datatype);
    long bytes = binary ? binaryBytesMin(datatype) : json;
    for (int i = 0; i < spec.shape().size(); i++) {
      long size = spec.shape().get(i);
      bytes = saturatedProduct(bytes, size < 0 ? open : size);
    }
    return bytes;
  }

  private static int binaryBytesMin(Datatype datatype) {
    return datatype.fixedSize() ? datatype.size() : Integer.BYTES;
  }

  /// The shortest value and its comma.
  private static int jsonBytesMin(Datatype datatype) {
    return switch (datatype) {
      case BOOL -> "true,".length();
      case FP16, BF16, FP32, FP64 -> "0.0,".length();
      case BYTES -> "\"\",".length();
      case UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> "0,".length();
    };
  }

  private static long saturatedSum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  private static long saturatedProduct(long a, long b) {
    return b != 0 && a > Long.MAX_VALUE / b ? Long.MAX_VALUE : a * b;
  }
}
