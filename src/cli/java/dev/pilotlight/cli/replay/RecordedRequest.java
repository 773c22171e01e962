package dev.pilotlight.cli.replay;

import java.util.Map;

/// A request of a traffic file.
///
/// @param line of the file, from 1
/// @param path with its query, beginning with `/`
/// @param headers those that may be sent again; names in lower case
/// @param body empty if it has none
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RecordedRequest(
    int line, String method, String path, Map<String, String> headers, byte[] body) {
  public RecordedRequest {
    headers = Map.copyOf(headers);
  }
}
