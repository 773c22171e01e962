package dev.pilotlight.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Harness.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/// A client of the infer route, in both of its forms.
public record InferRoute(Harness harness) {
  private static final String LENGTH = "inference-header-content-length";
  private static final int OK = 200;
  private static final ObjectMapper JSON = new ObjectMapper();

  /// The function refused the request.
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;

    RefusedException(Reply reply) {
      super(reply.status() + " " + reply.text());
      this.status = reply.status();
    }

    int status() {
      return status;
    }
  }

  /// Sends and receives binary data.
  public List<Tensor> binary(String model, List<Tensor> inputs) throws RefusedException {
    ObjectNode json = JSON.createObjectNode();
    json.putObject("parameters").put("binary_data_output", true);
    ArrayNode entries = json.putArray("inputs");
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (Tensor input : inputs) {
      ObjectNode entry = entries.addObject().put("name", input.name());
      entry.put("datatype", input.datatype().name());
      entry.set("shape", JSON.valueToTree(input.shape()));
      entry.putObject("parameters").put("binary_data_size", input.data().length);
      data.writeBytes(input.data());
    }
    byte[] head = json.toString().getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(head);
    body.writeBytes(data.toByteArray());
    Reply reply = post(model, Map.of(LENGTH, Integer.toString(head.length)), body.toByteArray());
    return outputs(reply);
  }

  private static List<Tensor> outputs(Reply reply) {
    String declared = reply.header(LENGTH);
    int position = declared.isEmpty() ? reply.body().length : Integer.parseInt(declared);
    List<Tensor> tensors = new ArrayList<>();
    for (JsonNode output : tree(Arrays.copyOf(reply.body(), position)).get("outputs")) {
      int end = position + output.at("/parameters/binary_data_size").intValue();
      byte[] data = Arrays.copyOfRange(reply.body(), position, end);
      tensors.add(new Tensor(name(output), datatype(output), shape(output), data));
      position = end;
    }
    return tensors;
  }

  /// Sends and receives JSON.
  List<Tensor> json(String model, List<Tensor> inputs) throws RefusedException {
    StringBuilder body = new StringBuilder("{\"inputs\":[");
    for (Tensor input : inputs) {
      body.append(body.charAt(body.length() - 1) == '[' ? "" : ",")
          .append("{\"name\":")
          .append(TextNode.valueOf(input.name()).toString())
          .append(",\"datatype\":\"%s\",\"shape\":".formatted(input.datatype()))
          .append(Arrays.toString(input.shape()))
          .append(",\"data\":")
          .append(TensorText.data(input))
          .append('}');
    }
    Reply reply =
        post(
            model,
            Map.of("content-type", "application/json"),
            body.append("]}").toString().getBytes(StandardCharsets.UTF_8));
    List<Tensor> tensors = new ArrayList<>();
    for (JsonNode output : tree(reply.body()).get("outputs")) {
      tensors.add(
          TensorText.tensor(name(output), datatype(output), shape(output), output.get("data")));
    }
    return tensors;
  }

  private Reply post(String model, Map<String, String> headers, byte[] body)
      throws RefusedException {
    Reply reply = harness.send("POST", "/v2/models/" + model + "/infer", headers, body);
    if (reply.status() != OK) {
      throw new RefusedException(reply);
    }
    return reply;
  }

  private static JsonNode tree(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(JsonNode output) {
    return output.get("name").asText();
  }

  private static Datatype datatype(JsonNode output) {
    return Datatype.valueOf(output.get("datatype").asText());
  }

  private static long[] shape(JsonNode output) {
    return StreamSupport.stream(output.get("shape").spliterator(), false)
        .mapToLong(JsonNode::longValue)
        .toArray();
  }
}
