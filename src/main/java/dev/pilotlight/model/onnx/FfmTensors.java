package dev.pilotlight.model.onnx;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.support.Utf8;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/// Copies tensors into ONNX Runtime and out of it, byte for byte.
final class FfmTensors {
  // a map's parts in GetValue
  private static final int KEYS = 0;
  private static final int VALUES = 1;

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
            tensor.datatype().onnxType());
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
  /// @throws Refusal `TOO_LARGE` by [OutputLimit#require]
  static Tensor tensor(OrtScope scope, String name, long value) {
    long info =
        scope.own(
            OrtFunction.RELEASE_TENSOR_TYPE_AND_SHAPE_INFO,
            OrtFunction.GET_TENSOR_TYPE_AND_SHAPE,
            value);
    Datatype type =
        Datatype.ofOnnxType(scope.get(OrtFunction.GET_TENSOR_ELEMENT_TYPE, info))
            .orElseThrow(() -> new OrtFailure(OrtFailure.FAIL, name + " has a foreign type"));
    long[] shape = shape(scope, info);
    long elements = Tensor.elements(shape);
    byte[] data =
        type == Datatype.BYTES
            ? strings(scope, name, value, elements)
            : numbers(scope, name, value, elements * type.size());
    return new Tensor(name, type, shape, data);
  }

  /// Copies a sequence of maps out of ONNX Runtime as two tensors: the values, a row a map, and the
  /// keys.
  ///
  /// ONNX Runtime keeps a map in the order of its keys, so columns are in that order: numbers
  /// ascending, strings by their UTF-8 bytes. Those are scikit-learn's `classes_`.
  ///
  /// @param type what the graph declares
  /// @param value the sequence
  /// @return values and labels
  /// @throws Refusal `INVALID` if the maps' keys differ, which one tensor cannot hold
  static List<Tensor> maps(OrtScope scope, long allocator, FfmType.Maps type, long value) {
    int rows = Math.toIntExact(scope.get(OrtFunction.GET_VALUE_COUNT, value));
    String name = type.values().name();
    Datatype datatype = type.values().datatype();
    Tensor labels =
        new Tensor(type.labels().name(), type.labels().datatype(), new long[] {0}, new byte[0]);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (int row = 0; row < rows; row++) {
      try (OrtScope one = OrtScope.ofThread(scope.api())) {
        long map = mapPart(one, value, row, allocator);
        Tensor keys = tensor(one, labels.name(), mapPart(one, map, KEYS, allocator));
        if (row > 0 && !Arrays.equals(keys.data(), labels.data())) {
          throw Refusal.invalid(
              "outputs",
              "the maps of output %s have different keys, which a tensor cannot hold"
                  .formatted(name));
        }
        labels = keys;
        Tensor values = tensor(one, name, mapPart(one, map, VALUES, allocator));
        OutputLimit.require(name, (long) data.size() + values.data().length);
        data.writeBytes(values.data());
      }
    }
    long[] shape = {rows, labels.elements()};
    return List.of(new Tensor(name, datatype, shape, data.toByteArray()), labels);
  }

  private static long mapPart(OrtScope scope, long value, int index, long allocator) {
    return scope.own(OrtFunction.RELEASE_VALUE, OrtFunction.GET_VALUE, value, index, allocator);
  }

  /// The sizes in an `OrtTensorTypeAndShapeInfo`; -1 where any size is accepted.
  static long[] shape(OrtScope scope, long info) {
    long rank = scope.get(OrtFunction.GET_DIMENSIONS_COUNT, info);
    MemorySegment sizes = scope.words(new long[Math.toIntExact(rank)]);
    scope.api().check(OrtFunction.GET_DIMENSIONS, info, sizes.address(), rank);
    return sizes.asSlice(0, rank * Long.BYTES).toArray(ValueLayout.JAVA_LONG);
  }

  private static void fillStrings(OrtScope scope, long value, List<byte[]> strings) {
    for (int i = 0; i < strings.size(); i++) {
      byte[] string = strings.get(i);
      // takes a length; the other functions stop at the first U+0000
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

  /// Checks what ONNX Runtime does not: how many strings a tensor has, and what they hold.
  ///
  /// `BYTES` must be valid UTF-8: an ONNX string is UTF-8 by its specification, and operators on
  /// characters have undefined results for other bytes.
  ///
  /// @throws Refusal `INVALID` naming the tensor
  static void requireStrings(Tensor tensor) {
    if (tensor.datatype() != Datatype.BYTES) {
      return;
    }
    List<byte[]> strings = strings(tensor);
    if (strings.size() != tensor.elements()) {
      throw Refusal.invalid(
          "inputs",
          "input %s has %d elements, but its shape takes %d"
              .formatted(tensor.name(), strings.size(), tensor.elements()));
    }
    for (int i = 0; i < strings.size(); i++) {
      if (!Utf8.isValid(strings.get(i))) {
        throw Refusal.invalid(
            "inputs",
            "element %d of input %s is not valid UTF-8, which the model's strings are"
                .formatted(i, tensor.name()));
      }
    }
  }

  private static List<byte[]> strings(Tensor tensor) {
    try {
      return tensor.bytes();
    } catch (IllegalArgumentException e) {
      throw Refusal.invalid(
          "inputs", "the lengths in input %s do not add up to its data".formatted(tensor.name()));
    }
  }
}
