package dev.pilotlight.model.onnx;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.TensorSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The type of a graph's input or output, as the C API describes it.
sealed interface FfmType {
  /// The suffix of the output that holds the keys of maps, after the output's own name.
  String LABELS_SUFFIX = "_labels";

  /// A tensor of a datatype that the protocol has.
  record Dense(TensorSpec spec) implements FfmType {}

  /// A sequence of maps, such as ZipMap's: a row of numbers each, with the same keys in all rows.
  ///
  /// @param values `[rows, keys]`, in the order of the keys
  /// @param labels `[keys]`
  record Maps(TensorSpec values, TensorSpec labels) implements FfmType {}

  /// A type that the protocol cannot carry.
  ///
  /// @param words such as `a sequence of tensors`
  record Other(String words) implements FfmType {}

  // ONNXType of the C API
  int TENSOR = 1;
  int SEQUENCE = 2;
  int MAP = 3;
  int SPARSE_TENSOR = 5;
  int OPTIONAL = 6;

  /// The tensors that represent it; none if the protocol cannot carry it.
  default List<TensorSpec> specs() {
    return switch (this) {
      case Dense(TensorSpec spec) -> List.of(spec);
      case Maps(TensorSpec values, TensorSpec labels) -> List.of(values, labels);
      case Other _ -> List.of();
    };
  }

  /// The type in an `OrtTypeInfo`.
  static FfmType of(OrtScope scope, String name, long type) {
    return switch (kind(scope, type)) {
      case TENSOR -> tensor(scope, name, type);
      case SEQUENCE -> sequence(scope, name, type);
      case MAP -> new Other("a map");
      case SPARSE_TENSOR -> new Other("a sparse tensor");
      case OPTIONAL -> new Other("an optional value");
      default -> new Other("of a type that is not a tensor");
    };
  }

  private static int kind(OrtScope scope, long type) {
    return (int) scope.get(OrtFunction.GET_ONNX_TYPE_FROM_TYPE_INFO, type);
  }

  private static FfmType tensor(OrtScope scope, String name, long type) {
    // belongs to the type
    long info = scope.get(OrtFunction.CAST_TYPE_INFO_TO_TENSOR_INFO, type);
    long element = scope.get(OrtFunction.GET_TENSOR_ELEMENT_TYPE, info);
    Optional<Datatype> datatype = Datatype.ofOnnxType(element);
    if (datatype.isEmpty()) {
      return new Other("a tensor of " + foreign((int) element));
    }
    // a C++ bool fills a byte of the word only
    if ((byte) scope.api().call(OrtFunction.TENSOR_TYPE_AND_SHAPE_HAS_SHAPE, info) == 0) {
      return new Dense(TensorSpec.ofAnyRank(name, datatype.get()));
    }
    List<Long> shape = Arrays.stream(FfmTensors.shape(scope, info)).boxed().toList();
    return new Dense(new TensorSpec(name, datatype.get(), shape));
  }

  private static FfmType sequence(OrtScope scope, String name, long type) {
    long info = scope.get(OrtFunction.CAST_TYPE_INFO_TO_SEQUENCE_TYPE_INFO, type);
    long element =
        scope.own(OrtFunction.RELEASE_TYPE_INFO, OrtFunction.GET_SEQUENCE_ELEMENT_TYPE, info);
    return switch (kind(scope, element)) {
      case TENSOR -> new Other("a sequence of tensors");
      case MAP -> maps(scope, name, element);
      default -> new Other("a sequence");
    };
  }

  private static FfmType maps(OrtScope scope, String name, long type) {
    long info = scope.get(OrtFunction.CAST_TYPE_INFO_TO_MAP_TYPE_INFO, type);
    Optional<Datatype> keys = Datatype.ofOnnxType(scope.get(OrtFunction.GET_MAP_KEY_TYPE, info));
    long value = scope.own(OrtFunction.RELEASE_TYPE_INFO, OrtFunction.GET_MAP_VALUE_TYPE, info);
    if (keys.isPresent()
        && kind(scope, value) == TENSOR
        && tensor(scope, name, value) instanceof Dense(TensorSpec values)) {
      return new Maps(
          new TensorSpec(name, values.datatype(), List.of(-1L, -1L)),
          new TensorSpec(name + LABELS_SUFFIX, keys.get(), List.of(-1L)));
    }
    return new Other("a sequence of maps");
  }

  /// Describes an `ONNXTensorElementDataType` that the protocol does not have.
  private static String foreign(int element) {
    return switch (element) {
      case 14 -> "COMPLEX64";
      case 15 -> "COMPLEX128";
      case 17, 18, 19, 20, 24 -> "8-bit floating-point numbers";
      case 21 -> "UINT4";
      case 22 -> "INT4";
      case 23 -> "4-bit floating-point numbers";
      default -> "a datatype that the protocol does not have";
    };
  }
}
