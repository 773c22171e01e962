package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.openinference.InferRequest.Inputs;
import dev.pilotlight.protocol.openinference.InferRequest.WantedOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads one request that has JSON in it. Not thread-safe; used once.
///
/// `data` can only be decoded when datatype and shape are known. Where it comes before them it is
/// passed over and the document is read a second time: linear, and nothing is buffered.
final class InferRequestParser {
  static final int INPUTS_MAX = 256;
  static final int OUTPUTS_MAX = 256;
  static final int NAME_LENGTH_MAX = 256;
  static final int ID_LENGTH_MAX = 1024;

  private final byte[] body;
  private final int jsonLength;
  private final boolean lengthGiven;

  private final List<InferInputReader> inputs = new ArrayList<>();
  private final List<InferOutputReader> outputs = new ArrayList<>();
  private Optional<String> id = Optional.empty();
  private Optional<String> modelName = Optional.empty();
  private Optional<String> modelVersion = Optional.empty();
  private Optional<Boolean> truncate = Optional.empty();
  private boolean binaryOutputs;

  /// @param lengthGiven whether the header said the JSON's length
  InferRequestParser(byte[] body, int jsonLength, boolean lengthGiven) {
    this.body = body;
    this.jsonLength = jsonLength;
    this.lengthGiven = lengthGiven;
  }

  InferRequest read() {
    readDocument();
    if (inputs.isEmpty()) {
      throw Refusal.invalid("inputs", "inputs is missing or empty; at least one input is needed");
    }
    if (inputs.stream().anyMatch(InferInputReader::dataPending)) {
      JsonReader.read(body, 0, jsonLength, this::readPendingData);
    }
    new BinaryInputs(body, jsonLength, lengthGiven).attach(inputs);
    List<Tensor> tensors = inputs.stream().map(InferInputReader::tensor).toList();
    requireUnique("inputs", tensors.stream().map(Tensor::name).toList());
    List<WantedOutput> wanted = outputs.stream().map(o -> o.output(binaryOutputs)).toList();
    requireUnique("outputs", wanted.stream().map(WantedOutput::name).toList());
    return new InferRequest(
        id, modelName, modelVersion, truncate, binaryOutputs, new Inputs.Named(tensors), wanted);
  }

  private void readDocument() {
    try {
      JsonReader.read(
          body,
          0,
          jsonLength,
          json -> {
            json.object(field -> readField(json, field));
            return this;
          });
    } catch (Refusal refusal) {
      // binary data behind JSON that was not announced: the one cause, however it shows
      if (!lengthGiven && refusal.field().equals(Optional.of("body")) && mentionsBinaryData()) {
        throw BinaryInputs.lengthMissing();
      }
      throw refusal;
    }
  }

  private boolean mentionsBinaryData() {
    return new String(body, StandardCharsets.ISO_8859_1).contains("\"binary_data_size\"");
  }

  private void readField(JsonReader json, String field) throws IOException {
    if (json.isNull() && !field.equals("inputs")) {
      requireKnown(json, field);
      return;
    }
    switch (field) {
      case "id" -> id = Optional.of(id(json));
      case "model_name" -> modelName = Optional.of(name(json));
      case "model_version" -> modelVersion = Optional.of(name(json));
      case "parameters" -> json.object(name -> readParameter(json, name));
      case "inputs" -> json.array(index -> readInput(json, index));
      case "outputs" -> json.array(index -> readOutput(json, index));
      default -> throw unknown(json);
    }
  }

  private static void requireKnown(JsonReader json, String field) {
    switch (field) {
      case "id", "model_name", "model_version", "parameters", "outputs" -> {}
      default -> throw unknown(json);
    }
  }

  private static Refusal unknown(JsonReader json) {
    return json.unknownField("id, model_name, model_version, parameters, inputs, outputs");
  }

  private static String id(JsonReader json) throws IOException {
    String id = json.string();
    if (id.length() > ID_LENGTH_MAX) {
      throw Refusal.invalid(
          "id",
          "id has %d characters; up to %d are accepted".formatted(id.length(), ID_LENGTH_MAX));
    }
    return id;
  }

  /// Reads a name: bounded, because complaints repeat it.
  static String name(JsonReader json) throws IOException {
    String name = json.string();
    if (name.isEmpty() || name.length() > NAME_LENGTH_MAX) {
      throw Refusal.invalid(
          json.path(),
          "%s has %d characters; 1 to %d are accepted"
              .formatted(json.path(), name.length(), NAME_LENGTH_MAX));
    }
    return name;
  }

  private void readParameter(JsonReader json, String name) throws IOException {
    switch (name) {
      case "binary_data_output" -> binaryOutputs = json.bool();
      case "truncate" -> truncate = Optional.of(json.bool());
      default -> json.skip();
    }
  }

  private void readInput(JsonReader json, int index) throws IOException {
    if (index == INPUTS_MAX) {
      throw Refusal.invalid("inputs", "inputs has more than %d entries".formatted(INPUTS_MAX));
    }
    InferInputReader input = new InferInputReader(json.path());
    inputs.add(input);
    input.read(json);
  }

  private InferRequestParser readPendingData(JsonReader json) throws IOException {
    json.object(
        field -> {
          if (field.equals("inputs")) {
            json.array(index -> inputs.get(index).readPendingData(json));
          } else {
            json.skip();
          }
        });
    return this;
  }

  private void readOutput(JsonReader json, int index) throws IOException {
    if (index == OUTPUTS_MAX) {
      throw Refusal.invalid("outputs", "outputs has more than %d entries".formatted(OUTPUTS_MAX));
    }
    InferOutputReader output = new InferOutputReader(json.path());
    outputs.add(output);
    output.read(json);
  }

  /// The complaint about a parameter that, if it were ignored, would make the answer a wrong one.
  static Refusal notOffered(JsonReader json) {
    return Refusal.invalid(
        json.path(), json.path() + " belongs to an extension that this server does not offer");
  }

  private static void requireUnique(String list, List<String> names) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < names.size(); i++) {
      if (!seen.add(names.get(i))) {
        String path = "%s[%d].name".formatted(list, i);
        throw Refusal.invalid(path, "%s is \"%s\" again".formatted(path, names.get(i)));
      }
    }
  }
}
