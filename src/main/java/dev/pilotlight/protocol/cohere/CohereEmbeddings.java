package dev.pilotlight.protocol.cohere;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.door.EmbeddingSize;
import dev.pilotlight.protocol.door.InputType;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.support.json.JsonBytes;
import java.util.ArrayList;
import java.util.List;

/// A request for embeddings that is checked against its model.
record CohereEmbeddings(CohereEmbed asked, ModelInfo model, List<Item> items) implements Bound {
  private static final int OK = 200;

  @Override
  public String field(int index) {
    return asked.source().path(index);
  }

  @Override
  public long answerBytesMin() {
    int dimensions = asked.size(model);
    if (asked.types().isEmpty()) {
      return EmbeddingType.FLOAT.bytesMin(dimensions);
    }
    long bytes = 0;
    for (EmbeddingType type : asked.types()) {
      bytes += type.bytesMin(dimensions);
    }
    return bytes;
  }

  @Override
  public HttpResponse response(List<Answer> answers) {
    List<byte[]> vectors = new ArrayList<>(answers.size());
    long tokens = 0;
    for (Answer answer : answers) {
      byte[] full = answer.result().output(ModelInfo.EMBEDDING_OUTPUT).data();
      vectors.add(EmbeddingSize.cut(full, asked.size(model)));
      tokens += answer.result().tokens();
    }
    JsonBytes json = new JsonBytes().object();
    boolean plain = asked.types().isEmpty();
    json.field("response_type", plain ? "embeddings_floats" : "embeddings_by_type");
    json.field("id", asked.id()).name("embeddings");
    if (plain) {
      list(json, EmbeddingType.FLOAT, vectors);
    } else {
      json.object();
      for (EmbeddingType type : asked.types()) {
        list(json.name(type.wireName()), type, vectors);
      }
      json.endObject();
    }
    boolean images = asked.source().isImages();
    json.strings("texts", images ? List.of() : asked.texts()).name("meta").object();
    json.name("api_version").object().field("version", Integer.toString(asked.version()));
    json.endObject().name("billed_units").object();
    json.field(images ? "images" : "input_tokens", images ? answers.size() : tokens);
    json.endObject().endObject().endObject();
    HttpResponse response = HttpResponse.json(OK, json.toByteArray());
    return asked.others().nameAfter(withoutEffect(), response);
  }

  /// The fields of Cohere's that change nothing here.
  private List<String> withoutEffect() {
    return asked.inputType().isPresent()
            && !asked.source().isImages()
            && model.policy().prompts().isEmpty()
        ? List.of(InputType.FIELD)
        : List.of();
  }

  private static void list(JsonBytes json, EmbeddingType type, List<byte[]> vectors) {
    json.array();
    for (byte[] vector : vectors) {
      type.write(json, vector);
    }
    json.endArray();
  }
}
