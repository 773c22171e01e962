package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.openinference.tensors.BinaryTensors;
import dev.pilotlight.protocol.openinference.tensors.TensorDataReader;
import dev.pilotlight.protocol.openinference.tensors.TensorShape;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Reads one entry of `inputs`, fields in any order. Not thread-safe.
final class InferInputReader {
  private final String path;
  private @Nullable String name;
  private @Nullable Datatype datatype;
  private long @Nullable [] shape;
  private OptionalLong binarySize = OptionalLong.empty();
  private boolean hasData;
  private byte @Nullable [] data;

  /// @param path of the input, such as `inputs[0]`
  InferInputReader(String path) {
    this.path = path;
  }

  String path() {
    return path;
  }

  /// Whether its data follows the JSON.
  boolean binary() {
    return binarySize.isPresent();
  }

  long binarySize() {
    return binarySize.orElseThrow();
  }

  /// Whether `data` came before datatype or shape and has yet to be read.
  boolean dataPending() {
    return hasData && data == null;
  }

  void read(JsonReader json) throws IOException {
    json.object(field -> readField(json, field));
    require(name, "name");
    require(datatype, "datatype");
    require(shape, "shape");
    if (hasData && binary()) {
      throw Refusal.invalid(
          path, path + " has both data and parameters.binary_data_size; one of them is accepted");
    }
    if (!hasData && !binary()) {
      throw Refusal.invalid(
          path, path + " has neither data nor parameters.binary_data_size; one of them is needed");
    }
  }

  void readPendingData(JsonReader json) throws IOException {
    json.object(
        field -> {
          if (field.equals("data") && dataPending()) {
            readData(json);
          } else {
            json.skip();
          }
        });
  }

  /// Takes this input's part of the bytes after the JSON.
  void binaryData(byte[] bytes) {
    BinaryTensors.check(path, require(datatype, "datatype"), require(shape, "shape"), bytes);
    data = bytes;
  }

  Tensor tensor() {
    return new Tensor(
        require(name, "name"),
        require(datatype, "datatype"),
        require(shape, "shape"),
        require(data, "data"));
  }

  private void readField(JsonReader json, String field) throws IOException {
    switch (field) {
      case "name" -> name = InferRequestParser.name(json);
      case "datatype" -> datatype = datatype(json);
      case "shape" -> shape = TensorShape.read(json);
      case "parameters" -> {
        if (!json.isNull()) {
          json.object(parameter -> readParameter(json, parameter));
        }
      }
      case "data" -> {
        hasData = !json.isNull();
        if (hasData && datatype != null && shape != null) {
          readData(json);
        } else {
          json.skip();
        }
      }
      default -> throw json.unknownField("name, shape, datatype, parameters, data");
    }
  }

  private void readData(JsonReader json) throws IOException {
    data = TensorDataReader.read(json, require(datatype, "datatype"), require(shape, "shape"));
  }

  private void readParameter(JsonReader json, String parameter) throws IOException {
    if (parameter.equals("binary_data_size")) {
      binarySize = OptionalLong.of(json.integer(0, Integer.MAX_VALUE));
    } else if (parameter.startsWith("shared_memory_")) {
      throw InferRequestParser.notOffered(json);
    } else {
      json.skip();
    }
  }

  private static Datatype datatype(JsonReader json) throws IOException {
    String text = json.string();
    List<Datatype> known = Arrays.asList(Datatype.values());
    return known.stream()
        .filter(datatype -> datatype.name().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                Refusal.invalid(
                    json.path(),
                    "%s is not a datatype; accepted: %s".formatted(json.path(), known)));
  }

  private <T> T require(@Nullable T value, String field) {
    if (value == null) {
      throw Refusal.invalid(path + "." + field, path + "." + field + " is missing");
    }
    return value;
  }
}
