package dev.pilotlight.conformance;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// ONNX Runtime by its Java API, without anything of ours.
final class Direct {
  /// Types of which the Java API makes no tensor, or not the right one.
  private static final Set<Datatype> LACKING =
      EnumSet.of(Datatype.UINT16, Datatype.UINT32, Datatype.UINT64);

  /// By the name and level of ours: a second name would give a warning.
  private static final OrtEnvironment ENVIRONMENT =
      OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "pilotlight");

  private Direct() {}

  /// Why ONNX Runtime itself does not give the expected outputs. Where its Java API lacks a type,
  /// only that it opens the graph.
  static Optional<String> failure(BackendCase test) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      try (OrtSession session = ENVIRONMENT.createSession(test.graph().toString(), options)) {
        return isWithinJavaApi(test) ? compare(session, test) : Optional.empty();
      }
    } catch (OrtException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  static boolean isWithinJavaApi(BackendCase test) {
    return Stream.concat(test.inputs().stream(), test.outputs().stream())
        .noneMatch(tensor -> LACKING.contains(tensor.datatype()));
  }

  private static Optional<String> compare(OrtSession session, BackendCase test)
      throws OrtException {
    Map<String, OnnxTensorLike> inputs = new HashMap<>();
    try {
      for (Tensor input : test.inputs()) {
        inputs.put(input.name(), value(input));
      }
      try (OrtSession.Result result = session.run(inputs)) {
        List<Tensor> outputs =
            test.outputs().stream()
                .map(output -> tensor(output.name(), result.get(output.name()).orElseThrow()))
                .toList();
        return Comparison.BACKEND.difference(outputs, test.outputs());
      }
    } finally {
      inputs.values().forEach(OnnxTensorLike::close);
    }
  }

  private static OnnxTensor value(Tensor tensor) throws OrtException {
    if (tensor.datatype() == Datatype.BYTES) {
      String[] texts =
          tensor.bytes().stream()
              .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
              .toArray(String[]::new);
      return OnnxTensor.createTensor(ENVIRONMENT, texts, tensor.shape());
    }
    ByteBuffer data =
        ByteBuffer.allocateDirect(tensor.data().length).order(ByteOrder.nativeOrder());
    data.put(tensor.data()).flip();
    return OnnxTensor.createTensor(ENVIRONMENT, data, tensor.shape(), type(tensor.datatype()));
  }

  private static Tensor tensor(String name, OnnxValue value) {
    try {
      TensorInfo info = (TensorInfo) value.getInfo();
      if (info.type == OnnxJavaType.STRING) {
        return Tensor.ofStrings(name, info.getShape(), texts(((OnnxTensor) value).getValue()));
      }
      Datatype type =
          Arrays.stream(Datatype.values())
              .filter(candidate -> candidate != Datatype.BYTES && !LACKING.contains(candidate))
              .filter(candidate -> type(candidate) == info.type)
              .findFirst()
              .orElseThrow();
      ByteBuffer data = ((OnnxTensor) value).getByteBuffer();
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      return new Tensor(name, type, info.getShape(), bytes);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> texts(Object value) {
    return value instanceof Object[] array
        ? Arrays.stream(array).flatMap(element -> texts(element).stream()).toList()
        : List.of(String.valueOf(value));
  }

  private static OnnxJavaType type(Datatype type) {
    return switch (type) {
      case FP32 -> OnnxJavaType.FLOAT;
      case FP64 -> OnnxJavaType.DOUBLE;
      case FP16 -> OnnxJavaType.FLOAT16;
      case BF16 -> OnnxJavaType.BFLOAT16;
      case INT8 -> OnnxJavaType.INT8;
      case INT16 -> OnnxJavaType.INT16;
      case INT32 -> OnnxJavaType.INT32;
      case INT64 -> OnnxJavaType.INT64;
      case UINT8 -> OnnxJavaType.UINT8;
      case BOOL -> OnnxJavaType.BOOL;
      case BYTES -> OnnxJavaType.STRING;
      case UINT16, UINT32, UINT64 -> OnnxJavaType.UNKNOWN;
    };
  }
}
