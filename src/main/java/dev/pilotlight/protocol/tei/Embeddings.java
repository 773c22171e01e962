package dev.pilotlight.protocol.tei;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.tei.EmbedRequest.Reply;
import dev.pilotlight.protocol.tei.inputs.ComputeHeaders;
import dev.pilotlight.support.json.JsonBytes;
import java.util.List;

/// A request for embeddings that is checked against its model, and the answer to it.
record Embeddings(EmbedRequest asked, ModelInfo model, List<Item> items) implements Bound {
  private static final int FLOAT_BYTES = 13;

  Embeddings {
    items = List.copyOf(items);
  }

  @Override
  public String field(int index) {
    return asked.inputs().field(index);
  }

  @Override
  public long answerBytesMin() {
    return asked.reply() == Reply.BASE64
        ? JsonBytes.base64Length((long) asked.form().size(model) * Float.BYTES)
        : asked.form().decimalBytes(model);
  }

  @Override
  public HttpResponse response(List<Answer> answers) {
    JsonBytes json = new JsonBytes(answers.size() * asked.form().size(model) * FLOAT_BYTES);
    if (asked.reply() == Reply.VECTORS) {
      json.array();
      answers.forEach(answer -> vector(json, answer));
      json.endArray();
    } else {
      objects(json, answers);
    }
    return ComputeHeaders.add(asked.others(), asked.inputs(), answers, json);
  }

  private void objects(JsonBytes json, List<Answer> answers) {
    long tokens = ComputeHeaders.tokens(answers);
    json.object().field("object", "list").name("data").array();
    for (int i = 0; i < answers.size(); i++) {
      Answer answer = answers.get(i);
      json.object().field("object", "embedding").field("index", i).name("embedding");
      vector(json, answer);
      if (answer.id() != null) {
        json.field("id", answer.id());
      }
      json.endObject();
    }
    json.endArray().field("model", model.name()).name("usage").object();
    json.field("prompt_tokens", tokens).field("total_tokens", tokens).endObject().endObject();
  }

  private void vector(JsonBytes json, Answer answer) {
    byte[] full = answer.result().output(ModelInfo.EMBEDDING_OUTPUT).data();
    byte[] vector = asked.form().of(full, model);
    if (asked.reply() == Reply.BASE64) {
      json.base64(vector);
    } else if (!json.floats(vector)) {
      throw new IllegalStateException("a stored embedding holds NaN or infinity");
    }
  }
}
