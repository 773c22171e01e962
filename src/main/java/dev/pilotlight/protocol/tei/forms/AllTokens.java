package dev.pilotlight.protocol.tei.forms;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.task.ResultForm;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.tei.inputs.ComputeHeaders;
import dev.pilotlight.support.json.JsonBytes;
import java.util.Arrays;
import java.util.List;

/// A request for the vectors of all tokens, and the answer to it: `[[[…],…],…]`.
///
/// @param answerBytesMin as of [Bound]
record AllTokens(FormRequest asked, List<Item> items, long answerBytesMin) implements Bound {

  AllTokens {
    items = List.copyOf(items);
  }

  @Override
  public String field(int index) {
    return asked.inputs().field(index);
  }

  @Override
  public HttpResponse response(List<Answer> answers) {
    JsonBytes json =
        new JsonBytes((int) Math.min(asked.bytesMax(), answerBytesMin * answers.size())).array();
    for (Answer answer : answers) {
      write(json, answer.result().output(ResultForm.VECTORS));
    }
    return ComputeHeaders.add(asked.others(), asked.inputs(), answers, json.endArray());
  }

  private static void write(JsonBytes json, Tensor vectors) {
    int rows = Math.toIntExact(vectors.shape()[0]);
    int bytes = rows == 0 ? 0 : vectors.data().length / rows;
    json.array();
    for (int row = 0; row < rows; row++) {
      if (!json.floats(Arrays.copyOfRange(vectors.data(), row * bytes, (row + 1) * bytes))) {
        throw new IllegalStateException("a stored vector holds NaN or infinity");
      }
    }
    json.endArray();
  }
}
