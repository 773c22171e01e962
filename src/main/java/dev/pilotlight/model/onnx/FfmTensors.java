package dev.pilotlight.model.onnx;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/// Copies tensors into ONNX Runtime and out of it, byte for byte.
final class FfmTensors {
  private FfmTensors() {}

  /// An `OrtValue` that the scope owns.
  static long value(OrtScope scope, long allocator, Tensor tensor) {
    long value =
        scope.own(
            OrtFunction.RELEASE_VALUE,
            OrtFunction.CREATE_TENSOR_AS_ORT_VALUE,
            allocator,
            scope.words(tensor.shape()).address(),
            tensor.shape().length,
            elementType(tensor.datatype()));
    if (tensor.datatype() == Datatype.BYTES) {
      fillStrings(scope, value, tensor.bytes());
    } else if (tensor.data().length > 0) {
      long data = scope.get(OrtFunction.GET_TENSOR_MUTABLE_DATA, value);
      copy(tensor.data(), data);
    }
    return value;
  }

  /// The tensor in an `OrtValue`.
  ///
  /// @throws dev.pilotlight.domain.Refusal `TOO_LARGE` as [OutputLimit#require] says
  static Tensor tensor(OrtScope scope, String name, long value) {
    long info =
        scope.own(
            OrtFunction.RELEASE_TENSOR_TYPE_AND_SHAPE_INFO,
            OrtFunction.GET_TENSOR_TYPE_AND_SHAPE,
            value);
    Datatype type =
        datatype(scope.get(OrtFunction.GET_TENSOR_ELEMENT_TYPE, info))
            .orElseThrow(() -> new OrtFailure(OrtFailure.FAIL, name + " has a foreign type"));
    long[] shape = shape(scope, info);
    long elements = Tensor.elements(shape);
    byte[] data =
        type == Datatype.BYTES
            ? strings(scope, name, value, elements)
            : numbers(scope, name, value, elements * type.size());
    return new Tensor(name, type, shape, data);
  }

  /// The sizes in an `OrtTensorTypeAndShapeInfo`; -1 where any size is accepted.
  static long[] shape(OrtScope scope, long info) {
    long rank = scope.get(OrtFunction.GET_DIMENSIONS_COUNT, info);
    MemorySegment sizes = scope.words(new long[Math.toIntExact(rank)]);
    scope.api().check(OrtFunction.GET_DIMENSIONS, info, sizes.address(), rank);
    return sizes.asSlice(0, rank * Long.BYTES).toArray(ValueLayout.JAVA_LONG);
  }

  /// The datatype of an `ONNXTensorElementDataType`; empty for those the protocol does not have.
  static Optional<Datatype> datatype(long elementType) {
    for (Datatype type : Datatype.values()) {
      if (elementType(type) == elementType) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  private static int elementType(Datatype type) {
    return switch (type) {
      case FP32 -> 1;
      case UINT8 -> 2;
      case INT8 -> 3;
      case UINT16 -> 4;
      case INT16 -> 5;
      case INT32 -> 6;
      case INT64 -> 7;
      case BYTES -> 8;
      case BOOL -> 9;
      case FP16 -> 10;
      case FP64 -> 11;
      case UINT32 -> 12;
      case UINT64 -> 13;
      case BF16 -> 16;
    };
  }

  private static void fillStrings(OrtScope scope, long value, List<byte[]> strings) {
    for (int i = 0; i < strings.size(); i++) {
      byte[] string = strings.get(i);
      // takes a length, where the other functions stop at the first U+0000
      long place =
          scope.get(OrtFunction.GET_RESIZED_STRING_TENSOR_ELEMENT_BUFFER, value, i, string.length);
      copy(string, place);
    }
  }

  private static byte[] numbers(OrtScope scope, String name, long value, long size) {
    byte[] data = new byte[arraySize(name, size)];
    if (size > 0) {
      long from = scope.get(OrtFunction.GET_TENSOR_MUTABLE_DATA, value);
      MemorySegment.ofArray(data).copyFrom(OrtApi.memory(from, size));
    }
    return data;
  }

  private static byte[] strings(OrtScope scope, String name, long value, long elements) {
    if (elements == 0) {
      return new byte[0];
    }
    long size = scope.get(OrtFunction.GET_STRING_TENSOR_DATA_LENGTH, value);
    byte[] data = new byte[arraySize(name, size + elements * Integer.BYTES)];
    MemorySegment content = scope.bytes(size);
    MemorySegment starts = scope.words(new long[(int) elements]);
    scope
        .api()
        .check(
            OrtFunction.GET_STRING_TENSOR_CONTENT,
            value,
            content.address(),
            size,
            starts.address(),
            elements);
    ByteBuffer out = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < elements; i++) {
      long start = starts.getAtIndex(ValueLayout.JAVA_LONG, i);
      long end = i + 1 < elements ? starts.getAtIndex(ValueLayout.JAVA_LONG, i + 1L) : size;
      out.putInt((int) (end - start)).put(content.asSlice(start, end - start).asByteBuffer());
    }
    return data;
  }

  private static void copy(byte[] bytes, long to) {
    OrtApi.memory(to, bytes.length).copyFrom(MemorySegment.ofArray(bytes));
  }

  private static int arraySize(String name, long size) {
    OutputLimit.require(name, size);
    return (int) size;
  }
}
