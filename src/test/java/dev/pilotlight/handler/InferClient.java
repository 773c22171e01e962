package dev.pilotlight.handler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.handler.refusals.BadBinary;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;

/// A client of the Open Inference Protocol.
public record InferClient(Harness harness) {

  /// An input with its data in JSON.
  ///
  /// @param shape and data as JSON arrays
  public static String input(String name, Datatype datatype, String shape, String data) {
    return "{\"name\":\"%s\",\"datatype\":\"%s\",\"shape\":%s,\"data\":%s}"
        .formatted(name, datatype, shape, data);
  }

  /// Sends JSON for JSON.
  ///
  /// @param more other fields of the request, each with a comma in front
  public Harness.Reply json(String model, String inputs, String more) {
    String body = "{\"inputs\":[" + inputs + "]" + more + "}";
    return harness.send(TestRequest.post(path(model), body).event());
  }

  /// Sends JSON and asks for all outputs in binary.
  public List<Tensor> jsonToBinary(String model, String inputs) {
    return binary(json(model, inputs, ",\"parameters\":{\"binary_data_output\":true}"));
  }

  /// Sends binary data, without a content type as Triton's Java client does.
  public Harness.Reply send(String model, boolean binaryOutput, Tensor... inputs) {
    ObjectNode json = Harness.JSON.createObjectNode();
    json.putObject("parameters").put("binary_data_output", binaryOutput);
    ArrayNode entries = json.putArray("inputs");
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (Tensor input : inputs) {
      ObjectNode entry = entries.addObject().put("name", input.name());
      entry.put("datatype", input.datatype().name());
      entry.set("shape", Harness.JSON.valueToTree(input.shape()));
      entry.putObject("parameters").put("binary_data_size", input.data().length);
      data.writeBytes(input.data());
    }
    byte[] header = TestRequest.utf8(json.toString());
    byte[] body = BadBinary.joined(header, data.toByteArray());
    return harness.send(
        TestRequest.post(path(model), body)
            .with(BadBinary.LENGTH, Integer.toString(header.length))
            .event());
  }

  public List<Tensor> binaryToBinary(String model, Tensor... inputs) {
    return binary(send(model, true, inputs));
  }

  /// The outputs of an answer in binary.
  public static List<Tensor> binary(Harness.Reply reply) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.header("content-type")).isEqualTo("application/octet-stream");
    int position = Integer.parseInt(reply.header(BadBinary.LENGTH));
    JsonNode json = new Harness.Reply(200, reply.headers(), head(reply.body(), position)).json();
    List<Tensor> tensors = new ArrayList<>();
    for (JsonNode output : json.get("outputs")) {
      int end = position + output.at("/parameters/binary_data_size").intValue();
      long[] shape =
          StreamSupport.stream(output.get("shape").spliterator(), false)
              .mapToLong(JsonNode::longValue)
              .toArray();
      tensors.add(
          new Tensor(
              output.get("name").asText(),
              Datatype.valueOf(output.get("datatype").asText()),
              shape,
              Arrays.copyOfRange(reply.body(), position, end)));
      position = end;
    }
    assertThat(position).isEqualTo(reply.body().length);
    return tensors;
  }

  /// The outputs of an answer in JSON, `name`, `shape`, `datatype` and `data`, as they are written.
  public static String outputs(Harness.Reply reply) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.header("content-type")).isEqualTo("application/json");
    String text = reply.text();
    return text.substring(
        text.indexOf("\"outputs\":[") + "\"outputs\":[".length(), text.length() - 2);
  }

  /// One output as [#outputs] gives it.
  public static String output(String name, Datatype datatype, String shape, String data) {
    return "{\"name\":\"%s\",\"shape\":%s,\"datatype\":\"%s\",\"data\":%s}"
        .formatted(name, shape, datatype, data);
  }

  public static String path(String model) {
    return "/v2/models/" + model + "/infer";
  }

  private static byte[] head(byte[] body, int length) {
    return Arrays.copyOf(body, length);
  }
}
