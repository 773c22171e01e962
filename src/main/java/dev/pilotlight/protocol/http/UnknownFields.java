package dev.pilotlight.protocol.http;

/// What happens to a request whose body has a field that is not known.
public enum UnknownFields {
  /// The field is ignored and named in the response, unless it could change a vector.
  IGNORE,
  /// The request is refused.
  REFUSE
}
