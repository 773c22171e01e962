package dev.pilotlight.protocol.openinference.tensors;

import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.protocol.json.JsonBytes;
import dev.pilotlight.protocol.json.Text;
import java.nio.ByteBuffer;
import java.util.List;

/// A stored tensor as `{name, shape, datatype, data}`, flat and row-major, without loss: NaN and
/// the infinities as the strings `"NaN"`, `"Infinity"`, `"-Infinity"`; BYTES as text, or, if any
/// element is not UTF-8, all in base64 with `"encoding":"base64"` beside the data.
public final class TensorJson {
  private static final int LOW_BITS = 16;

  private TensorJson() {}

  public static void write(JsonBytes json, Tensor tensor) {
    json.object().field("name", tensor.name()).name("shape").array();
    for (long size : tensor.shape()) {
      json.number(size);
    }
    json.endArray().field("datatype", tensor.datatype().name());
    switch (tensor.datatype()) {
      case BYTES -> strings(json, tensor.bytes());
      case FP32 -> {
        json.name("data");
        if (allFinite(tensor)) {
          json.floats(tensor.data());
        } else {
          numbers(json, tensor);
        }
      }
      default -> {
        json.name("data");
        numbers(json, tensor);
      }
    }
    json.endObject();
  }

  private static void strings(JsonBytes json, List<byte[]> elements) {
    boolean text = elements.stream().allMatch(e -> Text.isUtf8(e, 0, e.length));
    if (!text) {
      json.field("encoding", "base64");
    }
    json.name("data").array();
    for (byte[] element : elements) {
      if (text) {
        json.string(element);
      } else {
        json.base64(element);
      }
    }
    json.endArray();
  }

  private static void numbers(JsonBytes json, Tensor tensor) {
    ByteBuffer data = tensor.buffer();
    json.array();
    while (data.hasRemaining()) {
      String value =
          switch (tensor.datatype()) {
            case BOOL -> Boolean.toString(data.get() != 0);
            case UINT8 -> Integer.toString(Byte.toUnsignedInt(data.get()));
            case UINT16 -> Integer.toString(Short.toUnsignedInt(data.getShort()));
            case UINT32 -> Integer.toUnsignedString(data.getInt());
            case UINT64 -> Long.toUnsignedString(data.getLong());
            case INT8 -> Byte.toString(data.get());
            case INT16 -> Short.toString(data.getShort());
            case INT32 -> Integer.toString(data.getInt());
            case INT64 -> Long.toString(data.getLong());
            case FP16 -> Float.toString(Float.float16ToFloat(data.getShort()));
            case BF16 -> Float.toString(Float.intBitsToFloat(data.getShort() << LOW_BITS));
            case FP32 -> Float.toString(data.getFloat());
            case FP64 -> Double.toString(data.getDouble());
            case BYTES -> throw new IllegalStateException("BYTES are not numbers");
          };
      if (value.endsWith("N") || value.endsWith("y")) {
        json.string(value);
      } else {
        json.literal(value);
      }
    }
    json.endArray();
  }

  private static boolean allFinite(Tensor tensor) {
    for (float value : tensor.floats()) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
