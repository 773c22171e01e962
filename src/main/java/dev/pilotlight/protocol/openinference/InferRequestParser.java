package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.protocol.door.PromptName;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.openinference.InferRequest.Inputs;
import dev.pilotlight.protocol.openinference.InferRequest.WantedOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads one request that has JSON in it. Not thread-safe; used once.
///
/// `data` can be decoded only if datatype and shape are known. If it comes before them, the parser
/// skips it and reads the document a second time: linear, and without a buffer.
final class InferRequestParser {
  static final int INPUTS_MAX = 256;
  static final int OUTPUTS_MAX = 256;
  static final int NAME_LENGTH_MAX = 256;
  static final int ID_LENGTH_MAX = 1024;

  private final HttpRequest request;
  private final byte[] body;
  private final int jsonLength;
  private final boolean lengthGiven;

  private final List<InferInputReader> inputs = new ArrayList<>();
  private final List<OutputReader> outputs = new ArrayList<>();
  private Optional<String> id = Optional.empty();
  private Optional<String> modelName = Optional.empty();
  private Optional<String> modelVersion = Optional.empty();
  private Optional<Boolean> truncate = Optional.empty();
  private Optional<PromptName> promptName = Optional.empty();
  private boolean binaryOutputs;

  /// @param lengthGiven whether a header gave the JSON's length; without it all of the body is JSON
  InferRequestParser(HttpRequest request, int jsonLength, boolean lengthGiven) {
    this.request = request;
    this.body = request.body();
    this.jsonLength = jsonLength;
    this.lengthGiven = lengthGiven;
  }

  InferRequest read() {
    readDocument();
    if (inputs.isEmpty()) {
      throw Refusal.invalid("inputs", "inputs is missing or empty; at least one input is needed");
    }
    if (inputs.stream().anyMatch(InferInputReader::dataPending)) {
      request.readJson(jsonLength, this::readPendingData);
    }
    attachBinaryData();
    List<Tensor> tensors = inputs.stream().map(InferInputReader::tensor).toList();
    requireUnique("inputs", "input", tensors.stream().map(Tensor::name).toList());
    List<WantedOutput> wanted = outputs.stream().map(o -> o.output(binaryOutputs)).toList();
    requireUnique("outputs", "output", wanted.stream().map(WantedOutput::name).toList());
    return new InferRequest(
        id,
        modelName,
        modelVersion,
        truncate,
        promptName,
        binaryOutputs,
        new Inputs.Named(tensors),
        wanted);
  }

  private void readDocument() {
    try {
      request.readJson(
          jsonLength,
          json -> {
            json.object(field -> readField(json, field));
            return this;
          });
    } catch (Refusal refusal) {
      // the header is missing although binary data follows the JSON: the usual cause
      if (!lengthGiven && refusal.field().equals(Optional.of("body")) && mentionsBinaryData()) {
        throw lengthMissing();
      }
      throw refusal;
    }
  }

  private boolean mentionsBinaryData() {
    return new String(body, StandardCharsets.ISO_8859_1).contains("\"binary_data_size\"");
  }

  /// Gives each input that claims binary data its bytes after the JSON, in the inputs' order.
  private void attachBinaryData() {
    int position = jsonLength;
    for (InferInputReader input : inputs) {
      if (input.binary()) {
        int size = binarySize(input, position);
        input.binaryData(Arrays.copyOfRange(body, position, position + size));
        position += size;
      }
    }
    if (position < body.length) {
      throw Refusal.invalid(
          "body",
          "the body has %d bytes after the binary data that the inputs claim"
              .formatted(body.length - position));
    }
  }

  private int binarySize(InferInputReader input, int position) {
    long size = input.binarySize();
    int left = body.length - position;
    if (size <= left) {
      return (int) size;
    }
    if (!lengthGiven) {
      throw lengthMissing();
    }
    String path = input.path() + ".parameters.binary_data_size";
    throw Refusal.invalid(
        path, "%s is %d, but the body has only %d bytes left".formatted(path, size, left));
  }

  private static Refusal lengthMissing() {
    String header = InferRequestReader.LENGTH_HEADER;
    return Refusal.invalid(
        header,
        "an input has binary_data_size, but the header %s, the JSON's length, is missing"
            .formatted(header));
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

  /// Reads a name: bounded, because refusals quote it.
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
      case "prompt_name" -> promptName = PromptName.read(json);
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
    OutputReader output = new OutputReader(json.path());
    outputs.add(output);
    output.read(json);
  }

  /// The refusal of a parameter that would make the answer wrong if it were ignored.
  static Refusal notOffered(JsonReader json) {
    return Refusal.invalid(
        json.path(), json.path() + " belongs to an extension that this server does not support");
  }

  private static void requireUnique(String list, String singular, List<String> names) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < names.size(); i++) {
      if (!seen.add(names.get(i))) {
        String path = "%s[%d].name".formatted(list, i);
        throw Refusal.invalid(
            path, "duplicate %s name \"%s\" at %s".formatted(singular, names.get(i), path));
      }
    }
  }

  /// Reads one entry of `outputs`, fields in any order. Not thread-safe.
  private static final class OutputReader {
    private final String path;
    private @Nullable String name;
    private Optional<Boolean> binary = Optional.empty();
    private int classes;

    /// @param path of the output, such as `outputs[0]`
    OutputReader(String path) {
      this.path = path;
    }

    void read(JsonReader json) throws IOException {
      json.object(field -> readField(json, field));
    }

    /// @param binaryOutputs the default of the request
    WantedOutput output(boolean binaryOutputs) {
      if (name == null) {
        throw Refusal.invalid(path + ".name", path + ".name is missing");
      }
      return new WantedOutput(name, binary.orElse(binaryOutputs), classes);
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
      } else if (parameter.equals("classification")) {
        classes = (int) json.integer(0, Integer.MAX_VALUE);
      } else if (parameter.startsWith("shared_memory_")) {
        throw InferRequestParser.notOffered(json);
      } else {
        json.skip();
      }
    }
  }
}
