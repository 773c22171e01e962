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
  private final String prefix;
  private final List<String> names;

  /// @param known the fields that the door has
  /// @param rule of the deployment, which may refuse all others
  public OtherFields(List<String> known, UnknownFields rule) {
    this(known, rule, "", new ArrayList<>());
  }

  private OtherFields(List<String> known, UnknownFields rule, String prefix, List<String> names) {
    this.known = known;
    this.rule = rule;
    this.prefix = prefix;
    this.names = names;
  }

  /// Those of an object in the body. They count, and are named in the response, with those of the
  /// body.
  ///
  /// @param path of the object, such as `parameters`; `documents[]` for all elements of an array,
  ///   whose equal fields are named once
  /// @param fields that the object has
  public OtherFields inside(String path, List<String> fields) {
    return new OtherFields(fields, rule, path + '.', names);
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
    String path = prefix + name;
    if (names.contains(path)) {
      json.skip();
      return;
    }
    if (names.size() == FIELDS_MAX) {
      throw Refusal.invalid(
          "body",
          "the body has more than %d unknown fields; accepted: %s"
              .formatted(FIELDS_MAX, accepted()));
    }
    names.add(path);
    json.skip();
  }

  /// The response with the ignored fields' names in its header, if there are any.
  public HttpResponse name(HttpResponse response) {
    return names.isEmpty() ? response : name(response, List.of(this));
  }

  /// As [#name(HttpResponse)] with the fields of several objects of a request, in one header.
  public static HttpResponse name(HttpResponse response, List<OtherFields> objects) {
    List<String> all = new ArrayList<>();
    for (OtherFields fields : objects) {
      all.addAll(fields.names);
    }
    return all.isEmpty()
        ? response
        : response.with(ResponseHeaders.IGNORED, ResponseHeaders.ignored(all));
  }

  /// The response with the ignored fields' names in its header, if there are any.
  ///
  /// @param first the fields of the door that had no effect on this request
  public HttpResponse nameAfter(List<String> first, HttpResponse response) {
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
