package dev.pilotlight.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The elements of a tensor as a flat JSON array.
final class TensorText {
  private TensorText() {}

  /// NaN and infinity appear as Java prints them, which is not JSON.
  static String data(Tensor tensor) {
    if (tensor.datatype() == Datatype.BYTES) {
      return tensor.bytes().stream()
          .map(bytes -> TextNode.valueOf(new String(bytes, StandardCharsets.UTF_8)).toString())
          .collect(Collectors.joining(",", "[", "]"));
    }
    ByteBuffer bytes = tensor.buffer();
    return IntStream.range(0, Math.toIntExact(tensor.elements()))
        .mapToObj(index -> element(tensor, bytes, index))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String element(Tensor tensor, ByteBuffer bytes, int index) {
    return switch (tensor.datatype()) {
      case BOOL -> Boolean.toString(bytes.get(index) != 0);
      case INT8 -> Byte.toString(bytes.get(index));
      case UINT8 -> Integer.toString(bytes.get(index) & 0xFF);
      case INT16 -> Short.toString(bytes.getShort(2 * index));
      case UINT16 -> Integer.toString(bytes.getShort(2 * index) & 0xFFFF);
      case INT32 -> Integer.toString(bytes.getInt(4 * index));
      case UINT32 -> Integer.toUnsignedString(bytes.getInt(4 * index));
      case INT64 -> Long.toString(bytes.getLong(8 * index));
      case UINT64 -> Long.toUnsignedString(bytes.getLong(8 * index));
      case FP32 -> Float.toString(bytes.getFloat(4 * index));
      case FP16, BF16, FP64 -> Double.toString(Comparison.real(tensor, index));
      case BYTES -> throw new IllegalArgumentException("strings have no fixed size");
    };
  }

  static Tensor tensor(String name, Datatype type, long[] shape, JsonNode data) {
    if (type == Datatype.BYTES) {
      List<String> values = new ArrayList<>();
      data.forEach(value -> values.add(value.asText()));
      return Tensor.ofStrings(name, shape, values);
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(data.size() * type.size()).order(ByteOrder.LITTLE_ENDIAN);
    data.forEach(value -> put(bytes, type, value));
    return new Tensor(name, type, shape, bytes.array());
  }

  private static void put(ByteBuffer bytes, Datatype type, JsonNode value) {
    switch (type) {
      case BOOL -> bytes.put((byte) (value.booleanValue() ? 1 : 0));
      case INT8, UINT8 -> bytes.put((byte) value.intValue());
      case INT16, UINT16 -> bytes.putShort((short) value.intValue());
      case INT32, UINT32 -> bytes.putInt((int) value.longValue());
      case INT64, UINT64 -> bytes.putLong(value.bigIntegerValue().longValue());
      case FP32 -> bytes.putFloat((float) value.doubleValue());
      case FP64 -> bytes.putDouble(value.doubleValue());
      case FP16, BF16, BYTES -> throw new IllegalArgumentException(type + " has no JSON form");
    }
  }
}
