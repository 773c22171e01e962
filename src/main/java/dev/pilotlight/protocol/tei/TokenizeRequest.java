package dev.pilotlight.protocol.tei;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.ModelPolicy.Prompts;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.text.TokenCoder.Token;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.PromptName;
import dev.pilotlight.protocol.door.Question;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.MediaTypes;
import dev.pilotlight.support.json.JsonBytes;
import java.util.List;
import java.util.Optional;

/// `POST /tokenize`: the tokens of texts, with the prompt that goes before them.
///
/// @param model the model's name; empty if the request names none
/// @param texts at least one
/// @param listed whether they were elements of a list
/// @param prompt before each text; empty for the model's default
/// @param bytesMax the most bytes of an answer
/// @param others the fields to ignore
public record TokenizeRequest(
    String model,
    List<String> texts,
    boolean listed,
    boolean addsSpecial,
    Optional<PromptName> prompt,
    int bytesMax,
    OtherFields others)
    implements Question {
  private static final int OK = 200;
  private static final int CHARACTERS_PER_TOKEN = 250;
  private static final int CHARACTERS_MAX = 100_000;

  public TokenizeRequest {
    texts = List.copyOf(texts);
  }

  /// Reads a request.
  ///
  /// @throws Refusal INVALID, naming the field; EMPTY without inputs; UNSUPPORTED_MEDIA_TYPE
  public static Question read(HttpRequest request, Terms terms) {
    MediaTypes.requireJson(request);
    return request.readJson(json -> new TokenizeReader(json, terms).read());
  }

  @Override
  public boolean suits(ModelInfo info) {
    return info.takesText();
  }

  @Override
  public HttpResponse answer(Subject subject) {
    ModelInfo info = subject.info();
    requireText(info, this);
    Prompts prompts = info.policy().prompts();
    if (prompt.isPresent()) {
      prompt.get().requirePrompts(info);
    }
    String before = prompt.flatMap(it -> prompts.named(it.name())).orElse(prompts.defaultText());
    JsonBytes json = new JsonBytes().array();
    for (int i = 0; i < texts.size(); i++) {
      requireLength(i, info);
      json.array();
      try {
        for (Token token : subject.tokens().tokenize(before + texts.get(i), addsSpecial)) {
          write(json, token);
        }
      } catch (Refusal refusal) {
        throw refusal.field().equals(Optional.of(Item.FIELD)) ? refusal.at(field(i)) : refusal;
      }
      requireFits(json.endArray(), field(i), bytesMax);
    }
    return others.name(HttpResponse.json(OK, json.endArray().toByteArray()));
  }

  /// An answer grows with every input, so it is bounded while it is written.
  ///
  /// @param field of the last input that is written
  /// @throws Refusal TOO_LARGE
  static void requireFits(JsonBytes json, String field, int bytesMax) {
    if (json.length() > bytesMax) {
      throw Refusal.tooLarge(
          field,
          "the answer up to %s has %d bytes; accepted: up to %d; send fewer inputs in one request"
              .formatted(field, json.length(), bytesMax));
    }
  }

  /// @throws Refusal UNSUITED if the model has no tokenizer
  static void requireText(ModelInfo info, Question question) {
    if (!question.suits(info)) {
      throw Refusal.unsuited(
          "model %s has no tokenizer; accepted: a model that takes texts".formatted(info.name()));
    }
  }

  private void requireLength(int index, ModelInfo info) {
    String text = texts.get(index);
    int characters = text.codePointCount(0, text.length());
    long most = Math.min(CHARACTERS_MAX, (long) info.maxTokens() * CHARACTERS_PER_TOKEN);
    if (characters > most) {
      throw Refusal.invalid(
          field(index),
          "%s has %d characters; accepted: up to %d".formatted(field(index), characters, most));
    }
  }

  private String field(int index) {
    return listed ? "inputs[" + index + "]" : "inputs";
  }

  private static void write(JsonBytes json, Token token) {
    json.object()
        .field("id", token.id())
        .field("text", token.text())
        .field("special", token.special());
    if (token.special()) {
      json.name("start").literal("null").name("stop").literal("null");
    } else {
      json.field("start", token.start()).field("stop", token.stop());
    }
    json.endObject();
  }

  /// Does not show the caller's texts.
  @Override
  public String toString() {
    return "TokenizeRequest[" + texts.size() + "]";
  }
}
