package dev.pilotlight.protocol.ollama;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.door.VectorForm;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.ollama.OllamaEmbed.Form;
import dev.pilotlight.support.json.JsonBytes;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A request for embeddings that is checked against its model.
///
/// @param loaded when the model was there, by [System#nanoTime()]
record OllamaEmbeddings(OllamaEmbed asked, ModelInfo model, List<Item> items, long loaded)
    implements Bound {
  private static final int OK = 200;
  private static final int FLOAT_BYTES_MIN = 4;

  @Override
  public String field(int index) {
    String field = asked.form().field();
    return asked.listed() ? "%s[%d]".formatted(field, index) : field;
  }

  @Override
  public long answerBytesMin() {
    return (long) asked.size(model) * FLOAT_BYTES_MIN;
  }

  @Override
  public HttpResponse response(List<Answer> answers) {
    JsonBytes json = new JsonBytes().object();
    if (asked.form() == Form.EMBED) {
      vectors(json, answers);
    } else {
      write(json.name("embedding"), vector(answers.getFirst()));
    }
    json.endObject();
    return asked.others().name(HttpResponse.json(OK, json.toByteArray()));
  }

  private void vectors(JsonBytes json, List<Answer> answers) {
    String name = asked.named().isEmpty() ? model.name() : asked.named();
    json.field("model", name).name("embeddings").array();
    VectorForm unit = new VectorForm(Optional.of(true), OptionalInt.of(asked.size(model)));
    long tokens = 0;
    for (Answer answer : answers) {
      write(json, unit.of(vector(answer), model));
      tokens += answer.result().tokens();
    }
    json.endArray();
    json.field("total_duration", System.nanoTime() - asked.begin());
    json.field("load_duration", loaded - asked.begin());
    json.field("prompt_eval_count", tokens);
  }

  private static byte[] vector(Answer answer) {
    return answer.result().output(ModelInfo.EMBEDDING_OUTPUT).data();
  }

  private static void write(JsonBytes json, byte[] vector) {
    if (!json.floats(vector)) {
      throw new IllegalStateException("a stored embedding holds NaN or infinity");
    }
  }
}
