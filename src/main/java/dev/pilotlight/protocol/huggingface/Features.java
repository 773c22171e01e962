package dev.pilotlight.protocol.huggingface;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.door.VectorForm;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.support.json.JsonBytes;
import java.util.List;

/// The tasks feature-extraction and image-feature-extraction for a model of embeddings: `[…]` for
/// one text or image, `[[…],…]` for a list.
record Features(PipelineRequest asked, ModelInfo model, List<Item> items, VectorForm form)
    implements Bound {
  private static final int OK = 200;
  private static final int FLOAT_BYTES = 13;

  Features {
    items = List.copyOf(items);
  }

  @Override
  public String field(int index) {
    return asked.field(index);
  }

  @Override
  public boolean recomputes() {
    return asked.recomputes();
  }

  @Override
  public long answerBytesMin() {
    return form.decimalBytes(model);
  }

  @Override
  public HttpResponse response(List<Answer> answers) {
    JsonBytes json = new JsonBytes(answers.size() * form.size(model) * FLOAT_BYTES);
    if (asked.inputs().listed()) {
      json.array();
      answers.forEach(answer -> vector(json, answer));
      json.endArray();
    } else {
      vector(json, answers.getFirst());
    }
    return asked.name(HttpResponse.json(OK, json.toByteArray()));
  }

  private void vector(JsonBytes json, Answer answer) {
    byte[] full = answer.result().output(ModelInfo.EMBEDDING_OUTPUT).data();
    if (!json.floats(form.of(full, model))) {
      throw new IllegalStateException("a stored embedding holds NaN or infinity");
    }
  }
}
