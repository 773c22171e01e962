package dev.pilotlight.protocol.tei.forms;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
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
    for (Answer answer : answers) {
      write(json, answer.result());
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
