package dev.pilotlight.protocol.huggingface;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.door.Entities;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.support.json.JsonBytes;
import java.util.List;

/// The task token-classification: `[{"entity_group","score","word","start","end"},…]` for one text,
/// a list of these for a list of texts.
record TokenEntities(PipelineRequest asked, Entities entities, List<Item> items) implements Bound {
  private static final int OK = 200;
  private static final int EMPTY = "[],".length();

  TokenEntities {
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
    return EMPTY;
  }

  @Override
  public HttpResponse response(List<Answer> answers) {
    JsonBytes json = new JsonBytes();
    if (asked.inputs().listed()) {
      json.array();
      answers.forEach(answer -> entities.write(json, answer.result()));
      json.endArray();
    } else {
      entities.write(json, answers.getFirst().result());
    }
    return asked.name(HttpResponse.json(OK, json.toByteArray()));
  }
}
