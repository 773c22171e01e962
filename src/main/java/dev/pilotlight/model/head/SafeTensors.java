package dev.pilotlight.model.head;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.support.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A small `.safetensors` file, read whole: eight bytes with the header's length, a JSON header,
/// the tensors' bytes; all little-endian.
///
/// Source: <https://github.com/huggingface/safetensors#format>
@SuppressWarnings("ArrayRecordComponent") // never compared
record SafeTensors(String name, JsonFile header, byte[] file, int dataAt) {
  static final long FILE_BYTES_MAX = 1L << 30;

  private static final Map<String, Datatype> TYPES =
      Map.of(
          "F32", Datatype.FP32, "F16", Datatype.FP16, "BF16", Datatype.BF16, "F64", Datatype.FP64);

  /// A tensor's shape and its values as floats.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Values(List<Long> shape, float[] floats) {}

  /// @throws LoadFailure if it cannot be read
  static SafeTensors read(ModelFiles files, String name) {
    Path path = files.path(name);
    try {
      if (Files.size(path) > FILE_BYTES_MAX) {
        throw new LoadFailure("%s has more than %d bytes".formatted(name, FILE_BYTES_MAX));
      }
      byte[] file = Files.readAllBytes(path);
      ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
      long length = file.length < Long.BYTES ? -1 : buffer.getLong();
      if (length < 2 || length > file.length - Long.BYTES) {
        throw new LoadFailure(name + " is not a safetensors file, or is truncated");
      }
      byte[] json = new byte[(int) length];
      buffer.get(json);
      String text = new String(json, StandardCharsets.UTF_8).strip();
      return new SafeTensors(
          name,
          JsonFile.of(name, text.getBytes(StandardCharsets.UTF_8)),
          file,
          Long.BYTES + json.length);
    } catch (IOException e) {
      throw new LoadFailure(name + " cannot be read", e);
    }
  }

  /// @throws LoadFailure if its type is not a floating-point one, or its bytes are not there
  Optional<Values> tensor(String tensor) {
    Map<String, @Nullable Object> entry = header.map(tensor);
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    Datatype type = TYPES.get(String.valueOf(entry.get("dtype")));
    if (type == null) {
      throw new LoadFailure(
          "%s: %s is %s; F64, F32, F16 or BF16 is needed"
              .formatted(name, tensor, entry.get("dtype")));
    }
    List<Long> shape = numbers(entry.get("shape"), tensor);
    List<Long> offsets = numbers(entry.get("data_offsets"), tensor);
    long elements = shape.stream().reduce(1L, Math::multiplyExact);
    if (offsets.size() != 2
        || offsets.getFirst() < 0
        || offsets.getLast() - offsets.getFirst() != elements * type.size()
        || offsets.getLast() > file.length - dataAt) {
      throw new LoadFailure("%s: the data of %s is missing".formatted(name, tensor));
    }
    ByteBuffer data =
        ByteBuffer.wrap(file, dataAt + offsets.getFirst().intValue(), (int) elements * type.size())
            .order(ByteOrder.LITTLE_ENDIAN);
    return Optional.of(new Values(shape, Vectors.floats(type, data, (int) elements)));
  }

  /// SHA-256 over the file, hex.
  String digest() {
    return Sha256.hex(file);
  }

  private List<Long> numbers(@Nullable Object value, String tensor) {
    if (value instanceof List<?> list && list.stream().allMatch(Long.class::isInstance)) {
      return list.stream().map(Long.class::cast).toList();
    }
    throw new LoadFailure("%s: the entry of %s is not valid".formatted(name, tensor));
  }
}
