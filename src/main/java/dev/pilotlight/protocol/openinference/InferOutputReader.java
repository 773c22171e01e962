package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.openinference.InferRequest.WantedOutput;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads one entry of `outputs`, fields in any order. Not thread-safe.
final class InferOutputReader {
  private final String path;
  private @Nullable String name;
  private Optional<Boolean> binary = Optional.empty();

  /// @param path where the output is, such as `outputs[0]`
  InferOutputReader(String path) {
    this.path = path;
  }

  void read(JsonReader json) throws IOException {
    json.object(field -> readField(json, field));
  }

  /// @param binaryOutputs what holds where the output says nothing
  WantedOutput output(boolean binaryOutputs) {
    if (name == null) {
      throw Refusal.invalid(path + ".name", path + ".name is missing");
    }
    return new WantedOutput(name, binary.orElse(binaryOutputs));
  }

  private void readField(JsonReader json, String field) throws IOException {
    switch (field) {
      case "name" -> name = InferRequestParser.name(json);
      case "parameters" -> {
        if (!json.isNull()) {
          json.object(parameter -> readParameter(json, parameter));
        }
      }
      default -> throw json.unknownField("name, parameters");
    }
  }

  private void readParameter(JsonReader json, String parameter) throws IOException {
    if (parameter.equals("binary_data")) {
      binary = Optional.of(json.bool());
    } else if (parameter.equals("classification") || parameter.startsWith("shared_memory_")) {
      throw InferRequestParser.notOffered(json);
    } else {
      json.skip();
    }
  }
}
