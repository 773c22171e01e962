package dev.pilotlight.protocol.tei.forms;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.task.ResultForm;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.tei.inputs.ComputeHeaders;
import dev.pilotlight.support.json.JsonBytes;
import java.nio.IntBuffer;
import java.util.List;

/// A request for weights of tokens, and the answer to it: `[[{"index":…,"value":…},…],…]`.
record SparseVectors(FormRequest asked, List<Item> items) implements Bound {
  // compressed, it may fit a response that is large in memory
  private static final int BYTES_MAX = 32 << 20;
  private static final int LEAST = "[],".length();

  SparseVectors {
    items = List.copyOf(items);
  }

  @Override
  public String field(int index) {
    return asked.inputs().field(index);
  }

  @Override
  public long answerBytesMin() {
    return LEAST;
  }

  @Override
  public HttpResponse response(List<Answer> answers) {
    JsonBytes json = new JsonBytes().array();
    for (int i = 0; i < answers.size(); i++) {
      write(json, answers.get(i).result());
      if (json.length() > BYTES_MAX) {
        throw Refusal.tooLarge(
            field(i),
            "the answer up to %s has %d bytes; accepted: up to %d; send fewer inputs in one request"
                .formatted(field(i), json.length(), BYTES_MAX));
      }
    }
    return ComputeHeaders.add(asked.others(), asked.inputs(), answers, json.endArray());
  }

  private static void write(JsonBytes json, Result result) {
    IntBuffer indices = result.output(ResultForm.INDICES).buffer().asIntBuffer();
    float[] values = result.output(ResultForm.VALUES).floats();
    json.array();
    for (int i = 0; i < values.length; i++) {
      json.object().field("index", indices.get(i)).name("value");
      json.literal(Float.toString(values[i])).endObject();
    }
    json.endArray();
  }
}
