package dev.pilotlight.protocol.rerank;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.protocol.door.Asked;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.door.LabelScores;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.MediaTypes;
import dev.pilotlight.protocol.http.ResponseHeaders;
import dev.pilotlight.support.json.JsonBytes;
import java.util.List;
import java.util.Optional;

/// `POST /score` and `/v1/score`, as vLLM answers them: the scores of pairs of texts, in their
/// order.
///
/// Source: <https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html>
///
/// @param id of the answer
/// @param model the model's name; empty if the request names none
/// @param pairs at least one
/// @param fields the field of each pair in the request
/// @param rawScores whether the answer has logits instead of their sigmoid; empty where the model
///   decides
/// @param others the fields to ignore
public record Score(
    String id,
    String model,
    List<Item> pairs,
    List<String> fields,
    Optional<RawScores> rawScores,
    OtherFields others)
    implements Asked {
  private static final int OK = 200;
  private static final int ENTRY_BYTES = 64;
  // quotes are escaped in an event
  private static final int ENTRY_LEAST =
      "{_'index_':0,_'object_':_'score_',_'score_':0.0},".length();
  private static final long MILLIS = 1000;

  public Score {
    pairs = List.copyOf(pairs);
    fields = List.copyOf(fields);
  }

  /// Reads a request.
  ///
  /// @throws Refusal INVALID, naming the field; EMPTY without texts; UNSUPPORTED_MEDIA_TYPE
  public static Asked read(HttpRequest request, Terms terms) {
    MediaTypes.requireJson(request);
    String id = ResponseHeaders.requestId(request);
    return request.readJson(json -> new ScoreReader(json, terms).read(id));
  }

  @Override
  public boolean suits(ModelInfo info) {
    return info.ranks();
  }

  @Override
  public Bound bind(ModelInfo info) {
    Labels labels = info.labels().orElse(null);
    if (labels == null || !info.ranks()) {
      throw Refusal.unsuited(
          ("model %s does not give a pair of texts one score; accepted: a text classifier with one"
                  + " label; /similarity compares texts by their embeddings")
              .formatted(info.name()));
    }
    RawScores.requireGiven(rawScores, info, labels);
    return new Scores(this, info, labels);
  }

  private record Scores(Score asked, ModelInfo info, Labels labels) implements Bound {
    @Override
    public List<Item> items() {
      return asked.pairs();
    }

    @Override
    public String field(int index) {
      return asked.fields().get(index);
    }

    @Override
    public long answerBytesMin() {
      return ENTRY_LEAST;
    }

    @Override
    public HttpResponse response(List<Answer> answers) {
      boolean raw = RawScores.of(asked.rawScores(), info);
      JsonBytes json = new JsonBytes(answers.size() * ENTRY_BYTES).object();
      json.field("id", asked.id()).field("object", "list");
      json.field("created", System.currentTimeMillis() / MILLIS).field("model", info.name());
      json.name("data").array();
      long tokens = 0;
      for (int i = 0; i < answers.size(); i++) {
        float[] logits = answers.get(i).result().output(ModelInfo.LOGITS_OUTPUT).floats();
        double score = raw ? labels.raw(logits)[0] : labels.sigmoids(logits)[0];
        json.object().field("index", i).field("object", "score");
        LabelScores.write(json, "score", score, raw).endObject();
        tokens += answers.get(i).result().tokens();
      }
      json.endArray().name("usage").object().field("prompt_tokens", tokens);
      json.field("total_tokens", tokens).endObject().endObject();
      return asked.others().name(HttpResponse.json(OK, json.toByteArray()));
    }
  }
}
