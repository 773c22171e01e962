package dev.pilotlight.e2e;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The bytes that Triton's Java client sends and accepts. The client itself is not in Maven's
/// repository.
///
/// Source: <https://github.com/triton-inference-server/client/tree/main/src/java>
/// (`InferenceServerClient`, `InferInput`, `InferRequestedOutput`, `BinaryProtocol`, `InferResult`)
final class Triton {
  static final String JSON_LENGTH = "Inference-Header-Content-Length";

  /// With Jackson's defaults, as there: a field that it does not know is an error.
  private static final ObjectMapper JSON = new ObjectMapper();

  private Triton() {}

  /// `IOTensor`: an input, a wanted output, or an output.
  @JsonInclude(Include.NON_NULL)
  @JsonPropertyOrder({"name", "shape", "datatype", "parameters", "data"})
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record IoTensor(
      String name,
      long @Nullable [] shape,
      @Nullable String datatype,
      @Nullable Map<String, Object> parameters,
      Object @Nullable [] data) {}

  /// An input and, if it is binary, its bytes.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Input(IoTensor tensor, byte @Nullable [] bytes) {}

  /// A body, and the length of its JSON for the header, which is not sent without binary data.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Body(byte[] bytes, @Nullable Integer jsonLength) {}

  private record InferenceResponse(
      @JsonProperty("model_name") String modelName,
      @JsonProperty("model_version") String modelVersion,
      @Nullable String id,
      @Nullable Map<String, Object> parameters,
      List<IoTensor> outputs) {}

  static Input jsonInput(String name, String datatype, Object... data) {
    long[] shape = {data.length};
    return new Input(new IoTensor(name, shape, datatype, Map.of(), data), null);
  }

  static Input binaryInput(String name, String datatype, byte[] bytes, long... shape) {
    Map<String, Object> parameters = Map.of("binary_data_size", bytes.length);
    return new Input(new IoTensor(name, shape, datatype, parameters, null), bytes);
  }

  /// Strings, each after its length.
  static Input binaryInput(String name, String... data) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String datum : data) {
      byte[] utf8 = datum.getBytes(StandardCharsets.UTF_8);
      bytes.writeBytes(littleEndian(Integer.BYTES).putInt(utf8.length).array());
      bytes.writeBytes(utf8);
    }
    return binaryInput(name, "BYTES", bytes.toByteArray(), data.length);
  }

  static Input binaryInput(String name, long[] data, long... shape) {
    byte[] bytes = new byte[data.length * Long.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(data);
    return binaryInput(name, "INT64", bytes, shape);
  }

  static IoTensor wanted(String name, boolean binary) {
    return new IoTensor(name, null, null, Map.of("binary_data", binary), null);
  }

  static Body body(String id, List<Input> inputs, IoTensor... outputs) {
    Map<String, Object> request = new HashMap<>();
    if (!id.isEmpty()) {
      request.put("id", id);
    }
    request.put("inputs", inputs.stream().map(Input::tensor).toList());
    if (outputs.length > 0) {
      request.put("outputs", outputs);
    } else {
      request.put("parameters", Map.of("binary_data_output", true));
    }
    try {
      byte[] json = JSON.writeValueAsBytes(request);
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      body.writeBytes(json);
      boolean binary = false;
      for (Input input : inputs) {
        if (input.bytes() != null) {
          body.writeBytes(input.bytes());
          binary = true;
        }
      }
      return new Body(body.toByteArray(), binary ? json.length : null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// `InferResult`: one named output of a response.
  static Output output(Client.Reply reply, String name) {
    String length = reply.header(JSON_LENGTH.toLowerCase(Locale.ROOT));
    byte[] body = reply.body();
    int start = length.isEmpty() ? body.length : Integer.parseInt(length);
    List<Output> outputs = new ArrayList<>();
    try {
      InferenceResponse response = JSON.readValue(body, 0, start, InferenceResponse.class);
      for (IoTensor tensor : response.outputs()) {
        Object size =
            tensor.parameters() == null ? null : tensor.parameters().get("binary_data_size");
        int end = start + (size instanceof Integer bytes ? bytes : 0);
        outputs.add(new Output(response.id(), tensor, Arrays.copyOfRange(body, start, end)));
        start = end;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (start != body.length) {
      throw new IllegalStateException("%d bytes after the outputs".formatted(body.length - start));
    }
    return outputs.stream().filter(o -> o.tensor().name().equals(name)).findFirst().orElseThrow();
  }

  /// An output and, if it is binary, its bytes.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Output(@Nullable String id, IoTensor tensor, byte[] bytes) {
    List<Float> floats() {
      Object[] data = tensor.data();
      return data == null
          ? Floats.of(bytes)
          : Arrays.stream(data).map(value -> ((Number) value).floatValue()).toList();
    }
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
