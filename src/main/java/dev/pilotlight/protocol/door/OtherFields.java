package dev.pilotlight.protocol.door;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.ResponseHeaders;
import dev.pilotlight.protocol.http.UnknownFields;
import dev.pilotlight.protocol.json.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The fields of a request that its door does not have. They are ignored, as the door's original
/// ignores them, and named in the response; one that almost matches a known name is refused,
/// because a typo must not pass silently. Not thread-safe.
public final class OtherFields {
  static final int FIELDS_MAX = 100;

  private final List<String> known;
  private final UnknownFields rule;
  private final List<String> names;
  private final String prefix;

  /// @param known the fields that the door has
  /// @param rule of the deployment, which may refuse all others
  public OtherFields(List<String> known, UnknownFields rule) {
    this(known, rule, new ArrayList<>(), "");
  }

  private OtherFields(List<String> known, UnknownFields rule, List<String> names, String prefix) {
    this.known = known;
    this.rule = rule;
    this.names = names;
    this.prefix = prefix;
  }

  /// The fields of an object in the request, named with those of the request.
  ///
  /// @param field of the object
  /// @param inside the fields that the object has
  public OtherFields in(String field, List<String> inside) {
    return new OtherFields(inside, rule, names, field + ".");
  }

  /// Skips the value under the cursor.
  ///
  /// @param name of its field
  /// @throws Refusal INVALID for a near miss, for too many fields, and by the deployment's rule
  public void read(JsonReader json, String name) throws IOException {
    if (rule == UnknownFields.REFUSE) {
      throw json.unknownField(accepted());
    }
    Optional<String> meant = json.isNull() ? Optional.empty() : NearMiss.of(name, known);
    if (meant.isPresent()) {
      throw Refusal.invalid(
          json.path(),
          "%s is not a known field; did you mean %s? accepted: %s"
              .formatted(json.path(), meant.get(), accepted()));
    }
    if (names.size() == FIELDS_MAX) {
      throw Refusal.invalid(
          "body",
          "the body has more than %d unknown fields; accepted: %s"
              .formatted(FIELDS_MAX, accepted()));
    }
    names.add(prefix + name);
    json.skip();
  }

  /// The response with the ignored fields' names in its header, if there are any.
  public HttpResponse name(HttpResponse response) {
    return names.isEmpty()
        ? response
        : response.with(ResponseHeaders.IGNORED, ResponseHeaders.ignored(names));
  }

  /// The response with the ignored fields' names in its header, if there are any.
  ///
  /// @param first the fields of the door that had no effect on this request
  public HttpResponse name(HttpResponse response, List<String> first) {
    if (first.isEmpty()) {
      return name(response);
    }
    List<String> all = new ArrayList<>(first);
    all.addAll(names);
    return response.with(ResponseHeaders.IGNORED, ResponseHeaders.ignored(all));
  }

  private String accepted() {
    return String.join(", ", known);
  }
}
