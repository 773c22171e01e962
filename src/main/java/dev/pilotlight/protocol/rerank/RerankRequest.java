package dev.pilotlight.protocol.rerank;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.task.Labels;
import dev.pilotlight.protocol.door.Asked;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.TruncationSide;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request to rank documents by a query. Each document is one item: the pair of the query and its
/// text.
///
/// @param id of the answer
/// @param model the model's name; empty if the request names none
/// @param source the field that has the documents
/// @param documents their texts, at least one
/// @param top how many of the ranking to answer; 0 for all
/// @param returnsDocuments whether the answer has the texts
/// @param rawScores whether it has logits instead of their sigmoid; empty where the model decides
/// @param truncate whether a pair over the model's limit is truncated
/// @param side where a text is to be truncated; null where the model decides
/// @param sideField the field that names the side; empty without
/// @param limits the fields that promise texts of a length
/// @param others the fields to ignore
record RerankRequest(
    Rerank.Dialect dialect,
    String id,
    String model,
    Source source,
    String query,
    List<String> documents,
    int top,
    boolean returnsDocuments,
    Optional<RawScores> rawScores,
    boolean truncate,
    @Nullable TruncationSide side,
    String sideField,
    List<Limit> limits,
    OtherFields others)
    implements Asked {
  /// The field that has the documents.
  enum Source {
    /// TEI's, which is answered by an array.
    TEXTS("texts"),
    DOCUMENTS("documents"),
    /// Mixedbread's
    INPUT("input");

    private final String field;

    Source(String field) {
      this.field = field;
    }

    String field() {
      return field;
    }
  }

  /// A field by which other servers cut texts to a length that this one does not offer.
  ///
  /// @param tokens as many as a model takes, or more, change nothing
  record Limit(String field, long tokens) {}

  RerankRequest {
    documents = List.copyOf(documents);
    limits = List.copyOf(limits);
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
          ("model %s is not a re-ranker model, which gives a pair of texts one score; accepted: a"
                  + " text classifier with one label")
              .formatted(info.name()));
    }
    RawScores.requireGiven(rawScores, info, labels);
    if (truncate && side != null) {
      side.require(sideField, info);
    }
    limits.forEach(limit -> requireNoEffect(limit, info));
    List<Item> items = new ArrayList<>(documents.size());
    for (String document : documents) {
      items.add(new Item.Pair(query, document, truncate));
    }
    return new Ranking(this, info, labels, items);
  }

  private static void requireNoEffect(Limit limit, ModelInfo info) {
    if (limit.tokens() < info.maxTokens()) {
      throw Refusal.invalid(
          limit.field(),
          "%s is %d; accepted: %d, the limit of %s, or more, or no value"
              .formatted(limit.field(), limit.tokens(), info.maxTokens(), info.name()));
    }
  }

  /// Does not show the caller's texts.
  @Override
  public String toString() {
    return "RerankRequest[" + documents.size() + "]";
  }
}
