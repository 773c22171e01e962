package dev.pilotlight.protocol.http;

/// How to treat unknown fields in a request's body.
public enum UnknownFields {
  /// The field is ignored and named in the response, unless it could change a vector.
  IGNORE,
  /// The request is refused.
  REFUSE
}
