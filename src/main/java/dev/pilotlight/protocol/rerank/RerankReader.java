package dev.pilotlight.protocol.rerank;

import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.door.Agreement;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.door.TruncationSide;
import dev.pilotlight.protocol.http.Names;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.rerank.Rerank.Dialect;
import dev.pilotlight.protocol.rerank.RerankRequest.Limit;
import dev.pilotlight.protocol.rerank.RerankRequest.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the body of a request to rank. The fields of all servers are accepted on each route, and
/// an optional one that is null counts as absent. Not thread-safe.
final class RerankReader {
  private static final List<String> FIELDS =
      List.of(
          "model",
          "query",
          "documents",
          "texts",
          "input",
          "top_n",
          "top_k",
          "return_documents",
          "return_text",
          "return_input",
          "raw_scores",
          "truncate",
          "truncation",
          "truncation_direction",
          "truncation_side",
          "truncate_prompt_tokens",
          "max_tokens_per_doc",
          "max_length",
          "max_chunks_per_doc",
          "rank_fields",
          "use_activation",
          "activation",
          "normalize",
          "rewrite_query",
          "instruction",
          "prompt",
          "prompt_name",
          "task",
          "user",
          "priority",
          "request_id");
  private static final String TEXT = "text";
  private static final String ACCEPTED_DOCUMENT = "a string, or an object with a string text";
  private static final int MODEL_LIMIT = -1;

  private final JsonReader json;
  private final Dialect dialect;
  private final Terms terms;
  private final OtherFields others;
  private @Nullable OtherFields othersOfDocuments;
  private final List<String> documents = new ArrayList<>();
  private final List<Limit> limits = new ArrayList<>();
  private @Nullable Source source;
  private @Nullable String model;
  private @Nullable String query;
  private @Nullable String document;
  private @Nullable String topField;
  private int top;
  private boolean returnsDocuments;
  private Optional<RawScores> rawScores = Optional.empty();
  private Optional<Boolean> truncate = Optional.empty();
  private @Nullable TruncationSide side;
  private String sideField = "";

  RerankReader(JsonReader json, Dialect dialect, Terms terms) {
    this.json = json;
    this.dialect = dialect;
    this.terms = terms;
    this.others = new OtherFields(FIELDS, terms.settings().unknownFields());
  }

  RerankRequest read(String id) throws IOException {
    json.object(this::field);
    Source from = requireDocuments();
    if (query == null) {
      throw Refusal.invalid("query", "query is missing; accepted: a string that is not empty");
    }
    return new RerankRequest(
        dialect,
        id,
        model == null ? "" : Names.model(model),
        from,
        query,
        documents,
        top,
        returnsDocuments,
        rawScores,
        truncate.orElse(terms.truncate().orElse(true)),
        side,
        sideField,
        limits,
        others);
  }

  private Source requireDocuments() {
    if (source == null) {
      String wanted = dialect == Dialect.PLAIN ? "texts nor documents" : "documents nor input";
      throw Refusal.invalid(
          "body",
          "the body has neither %s; accepted: one of them, an array of 1 to %d texts"
              .formatted(wanted, terms.itemsMax()));
    }
    if (documents.isEmpty()) {
      throw Refusal.empty(
          source.field(),
          "%s is empty; accepted: 1 to %d texts".formatted(source.field(), terms.itemsMax()));
    }
    return source;
  }

  private void field(String name) throws IOException {
    if (json.isNull() && FIELDS.contains(name)) {
      return;
    }
    switch (name) {
      case "model" -> model = json.string();
      case "query" -> query = json.text("a string that is not empty");
      case "documents" -> documents(Source.DOCUMENTS);
      case "input" -> documents(Source.INPUT);
      case "texts" -> {
        if (dialect == Dialect.PLAIN) {
          documents(Source.TEXTS);
        } else {
          throw Refusal.invalid("texts", "texts is for /rerank; accepted: documents");
        }
      }
      case "top_n", "top_k" -> top(name);
      case "return_documents", "return_text", "return_input" -> returnsDocuments |= json.bool();
      case "raw_scores" -> rawScores = RawScores.agreed(rawScores, name, json.bool());
      case "use_activation", "activation", "normalize" ->
          rawScores = RawScores.agreed(rawScores, name, !json.bool());
      case "user", "priority", "request_id" -> json.skip();
      default -> option(name);
    }
  }

  /// Reads a field by which servers choose how texts are cut or changed.
  private void option(String name) throws IOException {
    switch (name) {
      case "truncate", "truncation" -> truncate = Agreement.of(name, truncate, json.bool());
      case "truncation_direction", "truncation_side" -> {
        sideField = name;
        side = TruncationSide.read(json);
      }
      case "truncate_prompt_tokens" -> {
        long tokens = json.integer(MODEL_LIMIT, Integer.MAX_VALUE);
        limits.add(new Limit(name, tokens == MODEL_LIMIT ? Integer.MAX_VALUE : tokens));
        truncate = Agreement.of(name, truncate, true);
      }
      case "max_tokens_per_doc", "max_length" ->
          limits.add(new Limit(name, json.integer(1, Integer.MAX_VALUE)));
      case "max_chunks_per_doc" -> {
        if (json.integer(1, Integer.MAX_VALUE) > 1) {
          throw notSupported("1, because a document is ranked as a whole, or no value");
        }
      }
      case "rank_fields" -> json.array(index -> requireText());
      case "rewrite_query" -> {
        if (json.bool()) {
          throw notSupported("false, or no value");
        }
      }
      case "instruction", "prompt", "prompt_name", "task" -> {
        if (!json.string().isEmpty()) {
          throw notSupported("no value, because it would change the scores");
        }
      }
      default -> others.read(json, name);
    }
  }

  private Refusal notSupported(String accepted) {
    return Refusal.invalid(
        json.path(), "%s is not supported; accepted: %s".formatted(json.path(), accepted));
  }

  private void requireText() throws IOException {
    if (!json.string().equals(TEXT)) {
      throw Refusal.invalid(
          "rank_fields",
          json.path() + " is another field than text; accepted: [\"text\"], or no value");
    }
  }

  private void top(String name) throws IOException {
    int wanted = (int) json.integer(0, Integer.MAX_VALUE);
    if (topField != null && wanted != top) {
      throw Refusal.invalid(
          name,
          "%s is %d, but %s is %d; accepted: one of them".formatted(name, wanted, topField, top));
    }
    topField = name;
    top = wanted;
  }

  private void documents(Source from) throws IOException {
    if (source != null) {
      throw Refusal.invalid(
          "body",
          "the body has both %s and %s; accepted: one of them"
              .formatted(source.field(), from.field()));
    }
    source = from;
    json.array(index -> documents.add(document(from)));
  }

  private String document(Source from) throws IOException {
    if (documents.size() == terms.itemsMax()) {
      throw Refusal.invalid(
          from.field(),
          "%s has more than %d texts; accepted: up to %d; send several requests, or use a batch"
              .formatted(from.field(), terms.itemsMax(), terms.itemsMax()));
    }
    if (from == Source.TEXTS) {
      return json.text("a string that is not empty");
    }
    if (json.token() != JsonToken.START_OBJECT) {
      return json.text(ACCEPTED_DOCUMENT);
    }
    String path = json.path();
    document = null;
    json.object(
        name -> {
          if (name.equals(TEXT)) {
            document = json.text("a string that is not empty");
          } else {
            othersOf(from).read(json, name);
          }
        });
    if (document == null) {
      throw Refusal.invalid(
          path + ".text", "%s.text is missing; accepted: %s".formatted(path, ACCEPTED_DOCUMENT));
    }
    return document;
  }

  private OtherFields othersOf(Source from) {
    OtherFields found = othersOfDocuments;
    if (found == null) {
      found = others.inside(from.field() + "[]", List.of(TEXT));
      othersOfDocuments = found;
    }
    return found;
  }
}
