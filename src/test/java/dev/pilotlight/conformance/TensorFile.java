package dev.pilotlight.conformance;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// ONNX's `TensorProto` as a tensor of ours.
///
/// Source of the numbers: `onnx.proto`.
final class TensorFile {
  private TensorFile() {}

  static Tensor read(String name, byte[] file) {
    ProtobufReader proto = new ProtobufReader(file);
    long[] shape = proto.numbers(1);
    Datatype type =
        datatype((int) proto.number(2))
            .orElseThrow(() -> new IllegalArgumentException("no datatype of ours"));
    if (type == Datatype.BYTES) {
      return Tensor.ofBytes(name, shape, proto.contents(6));
    }
    byte[] data = proto.has(9) ? proto.contents(9).getLast() : typed(proto, type);
    return new Tensor(name, type, shape, data);
  }

  /// The type of an element, if tensors of ours can have it.
  static Optional<Datatype> datatype(int number) {
    return Optional.ofNullable(
        switch (number) {
          case 1 -> Datatype.FP32;
          case 2 -> Datatype.UINT8;
          case 3 -> Datatype.INT8;
          case 4 -> Datatype.UINT16;
          case 5 -> Datatype.INT16;
          case 6 -> Datatype.INT32;
          case 7 -> Datatype.INT64;
          case 8 -> Datatype.BYTES;
          case 9 -> Datatype.BOOL;
          case 10 -> Datatype.FP16;
          case 11 -> Datatype.FP64;
          case 12 -> Datatype.UINT32;
          case 13 -> Datatype.UINT64;
          case 16 -> Datatype.BF16;
          default -> null;
        });
  }

  private static byte[] typed(ProtobufReader proto, Datatype type) {
    return switch (type) {
      case FP32 -> proto.fixed(4);
      case FP64 -> proto.fixed(10);
      case INT64 -> integers(proto.numbers(7), type.size());
      case UINT32, UINT64 -> integers(proto.numbers(11), type.size());
      default -> integers(proto.numbers(5), type.size());
    };
  }

  private static byte[] integers(long[] values, int size) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * size).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      switch (size) {
        case 1 -> bytes.put((byte) value);
        case 2 -> bytes.putShort((short) value);
        case 4 -> bytes.putInt((int) value);
        default -> bytes.putLong(value);
      }
    }
    return bytes.array();
  }
}
