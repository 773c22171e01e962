package dev.pilotlight.handler.refusals;

import dev.pilotlight.handler.TestRequest;
import org.jspecify.annotations.Nullable;

/// A request that must be refused.
///
/// @param name what is wrong with it
/// @param event what Lambda hands over
/// @param openAi whether the error has OpenAI's form, else the Open Inference Protocol's
/// @param status the answer's
/// @param field what the error names: OpenAI's `param`, null for none; in the Open Inference
///   Protocol's error a part of the message
/// @param says other text in the message
@SuppressWarnings("ArrayRecordComponent") // never compared
record BadInput(
    String name, byte[] event, boolean openAi, int status, @Nullable String field, String says) {

  private static final int NAME_LENGTH_MAX = 60;

  BadInput {
    // reports are XML, which has no form for these
    String printable = name.replaceAll("\\p{C}", "?");
    name = printable.substring(0, Math.min(NAME_LENGTH_MAX, printable.length()));
  }

  /// As an HTTP API event.
  static BadInput of(String name, TestRequest request, int status, @Nullable String field) {
    boolean openAi = !request.path().startsWith("/v2/") && !request.path().equals("/v2");
    return new BadInput(name, request.event(), openAi, status, field, "");
  }

  /// The same request as a REST API event.
  static BadInput ofRest(String name, TestRequest request, int status, @Nullable String field) {
    BadInput bad = of(name, request, status, field);
    return new BadInput("REST: " + name, request.restEvent(), bad.openAi, status, field, "");
  }

  BadInput saying(String words) {
    return new BadInput(name, event, openAi, status, field, words);
  }

  @Override
  public String toString() {
    return name;
  }
}
