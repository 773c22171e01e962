package dev.pilotlight.protocol.openinference.tensors;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.support.Utf8;
import dev.pilotlight.support.json.JsonBytes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Writes tensors as flat, row-major JSON arrays that read back bit for bit: floats as the shortest
/// decimals that do so, unsigned integers as such.
///
/// An answer to an inference refuses values that JSON cannot hold. A stored result has a form for
/// all of them.
public final class TensorJson {
  private TensorJson() {}

  /// Writes the `data` of one output: the elements of all tensors in one array.
  ///
  /// @param withoutForm makes the refusal of a value that JSON cannot hold: `NaN`, `Infinity`,
  ///   `-Infinity`, `bytes that are not UTF-8`, or a datatype without JSON form
  public static void writeData(
      JsonBytes json, List<Tensor> tensors, Function<String, Refusal> withoutForm) {
    json.array();
    for (Tensor tensor : tensors) {
      switch (tensor.datatype()) {
        case FP16, BF16 -> throw withoutForm.apply(tensor.datatype().name());
        case FP32 -> {
          if (!json.floatElements(tensor.data())) {
            throw withoutForm.apply(firstNotFinite(tensor).orElseThrow());
          }
        }
        case BYTES -> {
          for (byte[] element : tensor.bytes()) {
            if (!Utf8.isValid(element)) {
              throw withoutForm.apply("bytes that are not UTF-8");
            }
            json.string(element);
          }
        }
        default -> {
          for (ByteBuffer data = tensor.buffer(); data.hasRemaining(); ) {
            String value = next(tensor.datatype(), data);
            if (!isFinite(value)) {
              throw withoutForm.apply(value);
            }
            json.literal(value);
          }
        }
      }
    }
    json.endArray();
  }

  /// Writes a stored tensor as `{name, shape, datatype, data}` without loss: NaN and the infinities
  /// as the strings `"NaN"`, `"Infinity"`, `"-Infinity"`; BYTES as text, or, if any element is not
  /// UTF-8, all in base64 with `"encoding":"base64"` before the data.
  public static void write(JsonBytes json, Tensor tensor) {
    writeShape(json.object().field("name", tensor.name()), tensor.shape());
    json.field("datatype", tensor.datatype().name());
    if (tensor.datatype() == Datatype.BYTES) {
      strings(json, tensor.bytes());
    } else if (tensor.datatype() == Datatype.FP32 && firstNotFinite(tensor).isEmpty()) {
      json.name("data").floats(tensor.data());
    } else {
      json.name("data").array();
      for (ByteBuffer data = tensor.buffer(); data.hasRemaining(); ) {
        String value = next(tensor.datatype(), data);
        if (isFinite(value)) {
          json.literal(value);
        } else {
          json.string(value);
        }
      }
      json.endArray();
    }
    json.endObject();
  }

  /// Writes the field `shape`.
  public static void writeShape(JsonBytes json, long... shape) {
    json.name("shape").array();
    for (long size : shape) {
      json.number(size);
    }
    json.endArray();
  }

  private static void strings(JsonBytes json, List<byte[]> elements) {
    if (elements.stream().allMatch(Utf8::isValid)) {
      json.name("data").array();
      elements.forEach(json::string);
    } else {
      json.field("encoding", "base64").name("data").array();
      elements.forEach(json::base64);
    }
    json.endArray();
  }

  /// The next element as JSON has it, or `NaN`, `Infinity` or `-Infinity`.
  private static String next(Datatype type, ByteBuffer data) {
    if (type == Datatype.FP64) {
      return Double.toString(data.getDouble());
    }
    if (type.isFloat()) {
      return Float.toString((float) type.getFloat(data));
    }
    long value = type.getWhole(data);
    return switch (type) {
      case BOOL -> Boolean.toString(value != 0);
      case UINT64 -> Long.toUnsignedString(value);
      default -> Long.toString(value);
    };
  }

  private static boolean isFinite(String value) {
    return !value.endsWith("N") && !value.endsWith("y");
  }

  private static Optional<String> firstNotFinite(Tensor tensor) {
    for (float value : tensor.floats()) {
      if (!Float.isFinite(value)) {
        return Optional.of(Float.toString(value));
      }
    }
    return Optional.empty();
  }
}
