package dev.pilotlight.protocol.openinference;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.MediaTypes;
import dev.pilotlight.protocol.openinference.InferRequest.WantedOutput;
import dev.pilotlight.protocol.openinference.tensors.TensorJson;
import dev.pilotlight.support.json.Escapes;
import dev.pilotlight.support.json.JsonBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Writes an inference response: JSON, followed by the data of binary outputs, and then with the
/// header that has the length of the JSON.
///
/// A text's outputs are stacked: n embeddings `[d]` make one `[n,d]`; those of tokens are padded to
/// the longest text. `parameters.result_ids` holds the ids under which the results can be fetched
/// again, one per item, joined by commas, because the protocol's parameters cannot hold lists.
public final class InferResponseWriter {
  private InferResponseWriter() {}

  /// One output of a response: the answers' tensors, one after the other.
  ///
  /// @param tensors all of one datatype and shape, at least one
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record OutputData(String name, boolean binary, long[] shape, List<Tensor> tensors) {

    /// The wanted output of each answer: stacked along a new first dimension, or the only one's as
    /// it is; its highest values if the request wants those.
    static OutputData of(WantedOutput wanted, List<Answer> answers, InferCall call) {
      boolean stacked = !call.ofTensors();
      List<Tensor> tensors = find(wanted, answers);
      if (isPadded(call)) {
        tensors = TokenRows.padded(tensors, wanted.name().equals(ModelInfo.SPECIAL_OUTPUT));
      }
      Tensor first = tensors.getFirst();
      for (Tensor tensor : tensors) {
        if (tensor.datatype() != first.datatype()
            || !Arrays.equals(tensor.shape(), first.shape())) {
          throw new IllegalStateException("answers differ: " + first + ", " + tensor);
        }
      }
      if (wanted.classified()) {
        return classified(wanted, tensors, call);
      }
      long[] shape = stacked ? stackedShape(tensors.size(), first.shape()) : first.shape();
      return new OutputData(wanted.name(), wanted.binary(), shape, tensors);
    }

    /// Each text's values are a row, and of tensors each entry of the first dimension, if there is
    /// a second.
    private static OutputData classified(
        WantedOutput wanted, List<Tensor> tensors, InferCall call) {
      Tensor first = tensors.getFirst();
      boolean batched = call.ofTensors() && first.shape().length > 1;
      int rows = batched ? Math.toIntExact(first.shape()[0]) : 1;
      boolean named = !call.ofTensors() && wanted.name().equals(ModelInfo.LOGITS_OUTPUT);
      List<String> labels =
          named ? call.model().labels().map(Labels::names).orElse(List.of()) : List.of();
      List<String> texts = new ArrayList<>();
      for (Tensor tensor : tensors) {
        texts.addAll(Classification.highest(tensor, rows, wanted.classes(), labels));
      }
      long count = (long) rows * tensors.size();
      long size = count == 0 ? 0 : texts.size() / count;
      long[] shape =
          batched || !call.ofTensors() ? new long[] {count, size} : new long[] {texts.size()};
      Tensor tensor = Tensor.ofStrings(wanted.name(), shape, texts);
      return new OutputData(wanted.name(), wanted.binary(), shape, List.of(tensor));
    }

    Datatype datatype() {
      return tensors.getFirst().datatype();
    }

    long bytes() {
      return tensors.stream().mapToLong(tensor -> tensor.data().length).sum();
    }

    static List<Tensor> find(WantedOutput wanted, List<Answer> answers) {
      return answers.stream().map(answer -> find(wanted.name(), answer)).toList();
    }

    private static Tensor find(String name, Answer answer) {
      return answer.result().outputs().stream()
          .filter(tensor -> tensor.name().equals(name))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("an answer lacks its output " + name));
    }

    private static long[] stackedShape(long count, long[] shape) {
      long[] stacked = new long[shape.length + 1];
      stacked[0] = count;
      System.arraycopy(shape, 0, stacked, 1, shape.length);
      return stacked;
    }
  }

  /// Writes the outputs that the call wants of its answers.
  ///
  /// @param answers one for each of the call's items, in their order
  /// @throws Refusal INVALID if an output that is wanted as JSON holds something without JSON form
  ///   (NaN, Infinity, BYTES that are not UTF-8, FP16, BF16); TOO_LARGE if padding makes them too
  ///   large
  public static HttpResponse write(InferCall call, List<Answer> answers) {
    if (answers.size() != call.items().size()) {
      throw new IllegalArgumentException(
          "%d answers to %d items".formatted(answers.size(), call.items().size()));
    }
    if (isPadded(call)) {
      TokenRows.requireFits(
          call.outputs().stream().map(wanted -> OutputData.find(wanted, answers)).toList());
    }
    List<OutputData> outputs =
        call.outputs().stream().map(wanted -> OutputData.of(wanted, answers, call)).toList();
    JsonBytes body = new JsonBytes(sizeHint(outputs), Escapes.PAIRS);
    writeJson(body, call, answers, outputs);
    if (outputs.stream().noneMatch(OutputData::binary)) {
      return HttpResponse.json(200, body.toByteArray());
    }
    int jsonLength = body.length();
    for (OutputData output : outputs) {
      if (output.binary()) {
        output.tensors().forEach(tensor -> body.append(tensor.data()));
      }
    }
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(HttpResponse.CONTENT_TYPE, "application/octet-stream");
    headers.put(MediaTypes.INFERENCE_HEADER_LENGTH, Integer.toString(jsonLength));
    return new HttpResponse(200, headers, body.toByteArray(), true);
  }

  /// Whether the outputs of texts may have unlike numbers of tokens.
  private static boolean isPadded(InferCall call) {
    return call.model().task() == Task.TOKEN_CLASSIFICATION
        && !call.ofTensors()
        && call.items().size() > 1;
  }

  private static int sizeHint(List<OutputData> outputs) {
    long bytes = outputs.stream().mapToLong(OutputData::bytes).sum();
    return (int) Math.min(Integer.MAX_VALUE / 2, 1024 + bytes);
  }

  private static void writeJson(
      JsonBytes json, InferCall call, List<Answer> answers, List<OutputData> outputs) {
    json.object()
        .field("model_name", call.model().name())
        .field("model_version", call.model().version());
    call.id().ifPresent(id -> json.field("id", id));
    if (answers.stream().allMatch(answer -> answer.id() != null)) {
      json.name("parameters").object().field("result_ids", ids(answers)).endObject();
    }
    json.name("outputs").array();
    outputs.forEach(output -> writeOutput(json, output));
    json.endArray().endObject();
  }

  private static String ids(List<Answer> answers) {
    return answers.stream().map(Answer::id).collect(Collectors.joining(","));
  }

  private static void writeOutput(JsonBytes json, OutputData output) {
    TensorJson.writeShape(json.object().field("name", output.name()), output.shape());
    json.field("datatype", output.datatype().name());
    if (output.binary()) {
      json.name("parameters").object().field("binary_data_size", output.bytes()).endObject();
    } else {
      TensorJson.writeData(
          json.name("data"),
          output.tensors(),
          found -> WantedOutputs.noJsonForm("outputs", output.name(), found));
    }
    json.endObject();
  }
}
