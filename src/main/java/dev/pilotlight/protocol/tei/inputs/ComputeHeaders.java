package dev.pilotlight.protocol.tei.inputs;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.support.json.JsonBytes;
import java.util.List;

/// The headers by which text-embeddings-inference reports what a request used.
public final class ComputeHeaders {
  public static final String CHARACTERS = "x-compute-characters";
  public static final String TOKENS = "x-compute-tokens";

  private static final int OK = 200;

  private ComputeHeaders() {}

  /// The response with a document, and with the names of ignored fields.
  public static HttpResponse add(
      OtherFields others, Inputs inputs, List<Answer> answers, JsonBytes document) {
    long tokens = 0;
    for (Answer answer : answers) {
      tokens += answer.result().tokens();
    }
    HttpResponse response =
        HttpResponse.json(OK, document.toByteArray())
            .with(CHARACTERS, Integer.toString(inputs.characters()))
            .with(TOKENS, Long.toString(tokens));
    return others.name(response);
  }
}
