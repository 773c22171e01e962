package dev.pilotlight.protocol.openinference;

import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.MediaTypes;
import java.util.Map;
import java.util.OptionalInt;

/// The body of an inference response.
///
/// @param headerLength the length of the JSON in front of binary data, to be sent as
///   [InferRequestReader#LENGTH_HEADER]; absent where all of the body is JSON
@SuppressWarnings("ArrayRecordComponent") // never compared
public record InferResponse(byte[] body, OptionalInt headerLength) {

  public String contentType() {
    return headerLength.isPresent() ? "application/octet-stream" : HttpResponse.JSON;
  }

  public HttpResponse toHttp() {
    HttpResponse response =
        new HttpResponse(
            200, Map.of(HttpResponse.CONTENT_TYPE, contentType()), body, headerLength.isPresent());
    return headerLength.isPresent()
        ? response.with(
            MediaTypes.INFERENCE_HEADER_LENGTH, Integer.toString(headerLength.getAsInt()))
        : response;
  }
}
