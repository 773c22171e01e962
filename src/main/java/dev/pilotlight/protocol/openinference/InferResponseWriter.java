package dev.pilotlight.protocol.openinference;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.protocol.json.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// Writes the body of an inference response: JSON, followed by the data of binary outputs.
///
/// A text's outputs are stacked: n embeddings `[d]` make one `[n,d]`. `parameters.result_ids` holds
/// the ids under which the results can be fetched again, one per item, joined by commas, because
/// the protocol's parameters cannot hold lists.
public final class InferResponseWriter {
  private InferResponseWriter() {}

  /// Writes the outputs that the call wants of its answers.
  ///
  /// @param answers one for each of the call's items, in their order
  /// @throws Refusal INVALID if an output that is wanted as JSON holds something without JSON form
  ///   (NaN, Infinity, BYTES that are not UTF-8, FP16, BF16)
  public static InferResponse write(InferCall call, List<Answer> answers) {
    if (answers.size() != call.items().size()) {
      throw new IllegalArgumentException(
          "%d answers to %d items".formatted(answers.size(), call.items().size()));
    }
    List<OutputData> outputs =
        call.outputs().stream()
            .map(wanted -> OutputData.of(wanted, answers, !call.ofTensors()))
            .toList();
    try {
      ByteArrayOutputStream body = new ByteArrayOutputStream(sizeHint(outputs));
      writeJson(body, call, answers, outputs);
      OptionalInt headerLength = appendBinary(body, outputs);
      return new InferResponse(body.toByteArray(), headerLength);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing here leaves memory
    }
  }

  private static int sizeHint(List<OutputData> outputs) {
    long bytes = outputs.stream().mapToLong(OutputData::bytes).sum();
    return (int) Math.min(Integer.MAX_VALUE / 2, 1024 + bytes);
  }

  private static void writeJson(
      ByteArrayOutputStream body, InferCall call, List<Answer> answers, List<OutputData> outputs)
      throws IOException {
    try (JsonGenerator json = JsonReader.FACTORY.createGenerator(body)) {
      json.writeStartObject();
      json.writeStringField("model_name", call.model().name());
      json.writeStringField("model_version", call.model().version());
      if (call.id().isPresent()) {
        json.writeStringField("id", call.id().get());
      }
      json.writeObjectFieldStart("parameters");
      json.writeStringField("result_ids", ids(answers));
      json.writeEndObject();
      json.writeArrayFieldStart("outputs");
      for (OutputData output : outputs) {
        writeOutput(json, output);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static String ids(List<Answer> answers) {
    return answers.stream().map(answer -> answer.key().id()).collect(Collectors.joining(","));
  }

  private static void writeOutput(JsonGenerator json, OutputData output) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", output.name());
    json.writeFieldName("shape");
    json.writeArray(output.shape(), 0, output.shape().length);
    json.writeStringField("datatype", output.datatype().name());
    if (output.binary()) {
      json.writeObjectFieldStart("parameters");
      json.writeNumberField("binary_data_size", output.bytes());
      json.writeEndObject();
    } else {
      json.writeFieldName("data");
      TensorDataWriter.write(json, output);
    }
    json.writeEndObject();
  }

  private static OptionalInt appendBinary(ByteArrayOutputStream body, List<OutputData> outputs) {
    if (outputs.stream().noneMatch(OutputData::binary)) {
      return OptionalInt.empty();
    }
    int headerLength = body.size();
    for (OutputData output : outputs) {
      if (output.binary()) {
        for (Tensor tensor : output.tensors()) {
          body.writeBytes(tensor.data());
        }
      }
    }
    return OptionalInt.of(headerLength);
  }
}
