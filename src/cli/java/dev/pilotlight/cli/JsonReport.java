package dev.pilotlight.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.pilotlight.cli.folder.FolderFiles;
import dev.pilotlight.cli.inspect.Answer;
import dev.pilotlight.cli.inspect.TokenLabel;
import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// An [Inspection] for programs: one JSON object.
final class JsonReport {
  private final JsonGenerator json;

  private JsonReport(JsonGenerator json) {
    this.json = json;
  }

  /// @param out is flushed, not closed
  static void print(Inspection inspection, PrintWriter out) {
    JsonFactory factory =
        JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    try (JsonGenerator json = factory.createGenerator(out)) {
      json.useDefaultPrettyPrinter();
      new JsonReport(json).write(inspection);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.println();
  }

  private void write(Inspection inspection) throws IOException {
    ModelInfo info = inspection.info();
    json.writeStartObject();
    json.writeStringField("name", info.name());
    json.writeStringField("version", info.version());
    json.writeStringField("folder", inspection.folder().directory().toString());
    json.writeStringField("task", Texts.task(info.task()));
    facts(info.facts());
    tensors("inputs", info.inputs());
    tensors("outputs", info.outputs());
    tensors("graph_inputs", info.graphInputs());
    tensors("graph_outputs", info.graphOutputs());
    files("files_used", inspection.folder().files().used());
    files("files_ignored", inspection.folder().files().ignored());
    json.writeNumberField("bytes", inspection.folder().files().usedBytes());
    json.writeNumberField("memory_bytes", inspection.folder().files().memoryBytes());
    json.writeNumberField("ready_after_ms", inspection.folder().readyAfter().toMillis());
    json.writeStringField("runtime", info.runtime());
    json.writeStringField("digest", info.digest());
    strings("warnings", inspection.warnings());
    answers(inspection.answers());
    if (inspection.comparison().isPresent()) {
      comparison(inspection.comparison().get());
    }
    json.writeEndObject();
  }

  private void facts(List<Fact> facts) throws IOException {
    json.writeArrayFieldStart("facts");
    for (Fact fact : facts) {
      json.writeStartObject();
      json.writeStringField("name", fact.name());
      json.writeStringField("value", fact.value());
      json.writeStringField("source", fact.source());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void tensors(String name, List<TensorSpec> specs) throws IOException {
    json.writeArrayFieldStart(name);
    for (TensorSpec spec : specs) {
      json.writeStartObject();
      json.writeStringField("name", spec.name());
      json.writeStringField("datatype", spec.datatype().name());
      json.writeFieldName("shape");
      json.writeArray(
          spec.shape().stream().mapToLong(Long::longValue).toArray(), 0, spec.shape().size());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void files(String name, List<FolderFiles.Entry> files) throws IOException {
    json.writeArrayFieldStart(name);
    for (FolderFiles.Entry file : files) {
      json.writeStartObject();
      json.writeStringField("name", file.name());
      json.writeNumberField("bytes", file.bytes());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void strings(String name, List<String> values) throws IOException {
    json.writeFieldName(name);
    json.writeArray(values.toArray(String[]::new), 0, values.size());
  }

  private void answers(List<Answer> answers) throws IOException {
    json.writeArrayFieldStart("texts");
    for (Answer answer : answers) {
      json.writeStartObject();
      json.writeStringField("text", answer.text());
      switch (answer) {
        case Answer.Refused refused -> json.writeStringField("error", refused.reason());
        case Answer.Given given -> {
          if (TokenLabel.isIn(given.result())) {
            labels(TokenLabel.of(given.result()));
          } else {
            for (Tensor output : given.result().outputs()) {
              output(output);
            }
          }
          json.writeNumberField("tokens", given.result().tokens());
        }
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void labels(List<TokenLabel> tokens) throws IOException {
    json.writeArrayFieldStart("labels");
    for (TokenLabel token : tokens) {
      json.writeStartObject();
      json.writeStringField("token", token.token());
      json.writeStringField("label", token.label());
      json.writeNumberField("score", token.score());
      json.writeNumberField("start", token.start());
      json.writeNumberField("end", token.end());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void output(Tensor output) throws IOException {
    json.writeFieldName(output.name());
    switch (output.name()) {
      case ModelInfo.EMBEDDING_OUTPUT, ModelInfo.LOGITS_OUTPUT -> {
        json.writeStartArray();
        for (float value : output.floats()) {
          json.writeNumber(value);
        }
        json.writeEndArray();
      }
      case ModelInfo.LABEL_OUTPUT ->
          json.writeString(new String(output.bytes().getFirst(), StandardCharsets.UTF_8));
      case ModelInfo.SCORE_OUTPUT -> json.writeNumber(output.floats()[0]);
      default -> values(output);
    }
  }

  /// The elements of an output that only some models have, in one list.
  private void values(Tensor output) throws IOException {
    json.writeStartArray();
    switch (output.datatype()) {
      case BYTES -> {
        for (byte[] value : output.bytes()) {
          json.writeString(new String(value, StandardCharsets.UTF_8));
        }
      }
      case INT32 -> {
        IntBuffer values = output.buffer().asIntBuffer();
        while (values.hasRemaining()) {
          json.writeNumber(values.get());
        }
      }
      default -> {
        for (float value : output.floats()) {
          json.writeNumber(value);
        }
      }
    }
    json.writeEndArray();
  }

  private void comparison(Comparison comparison) throws IOException {
    json.writeObjectFieldStart("against");
    json.writeNumberField("min_cosine", comparison.cosineMin());
    json.writeNumberField("failures", comparison.failures());
    if (comparison.worst().isPresent()) {
      cosine("worst", comparison.worst().get().cosine());
    }
    json.writeArrayFieldStart("lines");
    for (Comparison.Line line : comparison.lines()) {
      json.writeStartObject();
      json.writeNumberField("line", line.number());
      switch (line) {
        case Comparison.Compared compared -> cosine("cosine", compared.cosine());
        case Comparison.Failed failed -> json.writeStringField("error", failed.reason());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /// JSON has no NaN.
  private void cosine(String name, double cosine) throws IOException {
    if (Double.isNaN(cosine)) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, cosine);
    }
  }
}
