package dev.pilotlight.protocol.rerank;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.door.LabelScores;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.rerank.Rerank.Dialect;
import dev.pilotlight.protocol.rerank.RerankRequest.Source;
import dev.pilotlight.support.json.JsonBytes;
import java.util.List;

/// A request to rank that is checked against its model, and the answer to it.
///
/// Documents are in the order of their logits, the highest first, equal ones by index: in the order
/// of scores, those that a sigmoid rounds to 1 would lose theirs.
///
/// @param labels of the model: one
record Ranking(RerankRequest asked, ModelInfo model, Labels labels, List<Item> items)
    implements Bound {
  private static final int OK = 200;
  // two entries of the ranking as an event has them, and one of TEI's
  private static final int ENTRIES_LEAST = 2 * "{_'index_':0,_'relevance_score_':0.0},".length();
  private static final int TEI_ENTRY_LEAST = "{_'index_':0,_'score_':0.0},".length();
  private static final int ENTRY_BYTES = 160;

  @Override
  public String field(int index) {
    return "%s[%d]".formatted(asked.source().field(), index);
  }

  @Override
  public long answerBytesMin() {
    int count = count();
    boolean tei = asked.source() == Source.TEXTS;
    long least = (long) count * (tei ? TEI_ENTRY_LEAST : ENTRIES_LEAST);
    if (asked.returnsDocuments() && count == items.size()) {
      long texts = asked.documents().stream().mapToLong(String::length).sum();
      least += tei ? texts : 2 * texts;
    }
    return least / items.size();
  }

  private int count() {
    return asked.top() == 0 ? items.size() : Math.min(asked.top(), items.size());
  }

  @Override
  public HttpResponse response(List<Answer> answers) {
    double[] logits = new double[answers.size()];
    double[] scores = new double[answers.size()];
    long tokens = 0;
    boolean raw = raw();
    for (int i = 0; i < logits.length; i++) {
      float[] computed = answers.get(i).result().output(ModelInfo.LOGITS_OUTPUT).floats();
      logits[i] = labels.raw(computed)[0];
      scores[i] = raw ? logits[i] : labels.sigmoids(computed)[0];
      tokens += answers.get(i).result().tokens();
    }
    int[] order = Labels.order(logits);
    JsonBytes json = new JsonBytes(count() * ENTRY_BYTES);
    if (asked.source() == Source.TEXTS) {
      writeArray(json, order, scores);
    } else {
      writeObject(json, order, scores, tokens);
    }
    return asked.others().name(HttpResponse.json(OK, json.toByteArray()));
  }

  private void writeArray(JsonBytes json, int[] order, double[] scores) {
    json.array();
    for (int place = 0; place < count(); place++) {
      int index = order[place];
      json.object().field("index", index);
      if (asked.returnsDocuments()) {
        json.field("text", asked.documents().get(index));
      }
      score(json, "score", scores[index]).endObject();
    }
    json.endArray();
  }

  private void writeObject(JsonBytes json, int[] order, double[] scores, long tokens) {
    json.object().field("id", asked.id()).field("object", "list").field("model", model.name());
    json.name("results").array();
    for (int place = 0; place < count(); place++) {
      int index = order[place];
      score(json.object().field("index", index), "relevance_score", scores[index]);
      if (asked.returnsDocuments()) {
        json.name("document").object().field("text", asked.documents().get(index)).endObject();
      }
      json.endObject();
    }
    json.endArray();
    writeData(json, order, scores);
    // Together's client requires all three
    json.name("usage").object().field("prompt_tokens", tokens).field("completion_tokens", 0);
    json.field("total_tokens", tokens).endObject();
    String version = asked.dialect() == Dialect.V2 ? "2" : "1";
    json.name("meta").object();
    json.name("api_version").object().field("version", version).endObject();
    json.name("billed_units").object().field("search_units", 1).endObject();
    json.name("tokens").object().field("input_tokens", tokens).field("output_tokens", 0);
    json.endObject().endObject().endObject();
  }

  /// The same ranking as Voyage's and Mixedbread's clients read it.
  private void writeData(JsonBytes json, int[] order, double[] scores) {
    boolean mixedbread = asked.dialect() == Dialect.RERANKING;
    json.name("data").array();
    for (int place = 0; place < count(); place++) {
      int index = order[place];
      score(json.object().field("index", index), "relevance_score", scores[index]);
      if (mixedbread) {
        score(json, "score", scores[index]);
      }
      if (asked.returnsDocuments()) {
        json.field(mixedbread ? "input" : "document", asked.documents().get(index));
      }
      json.endObject();
    }
    json.endArray();
  }

  private JsonBytes score(JsonBytes json, String name, double score) {
    return LabelScores.write(json, name, score, raw());
  }

  private boolean raw() {
    return RawScores.of(asked.rawScores(), model);
  }
}
