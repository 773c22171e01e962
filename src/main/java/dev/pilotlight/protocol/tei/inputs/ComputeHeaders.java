package dev.pilotlight.protocol.tei.inputs;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.support.json.JsonBytes;
import java.util.List;

/// The headers by which text-embeddings-inference reports what a request used.
public final class ComputeHeaders {
  private static final String CHARACTERS = "x-compute-characters";
  private static final String TOKENS = "x-compute-tokens";

  private static final int OK = 200;

  private ComputeHeaders() {}

  /// The response with a document, and with the names of ignored fields.
  public static HttpResponse add(
      OtherFields others, Inputs inputs, List<Answer> answers, JsonBytes document) {
    HttpResponse response =
        HttpResponse.json(OK, document.toByteArray())
            .with(CHARACTERS, Integer.toString(inputs.characters()))
            .with(TOKENS, Long.toString(tokens(answers)));
    return others.name(response);
  }

  /// The tokens of all answers.
  public static long tokens(List<Answer> answers) {
    long tokens = 0;
    for (Answer answer : answers) {
      tokens += answer.result().tokens();
    }
    return tokens;
  }
}
