package dev.pilotlight.protocol.files;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.json.Text;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The query of `GET /v1/files`.
///
/// @param purpose OpenAI's name; null for all
/// @param after the id of the file before the first; null for the beginning
/// @param newestFirst the order
public record FileQuery(
    @Nullable String purpose, @Nullable String after, int limit, boolean newestFirst) {
  /// The most files of an answer, also without a limit.
  public static final int LIMIT_MAX = 10_000;

  private static final String PURPOSE = "purpose";
  private static final String AFTER = "after";
  private static final String LIMIT = "limit";
  private static final String ORDER = "order";
  private static final String API_VERSION = "api-version"; // Azure's clients send it
  private static final Set<String> NAMES = Set.of(PURPOSE, AFTER, LIMIT, ORDER, API_VERSION);

  /// Reads the query.
  ///
  /// @param purposes OpenAI's names of those that files have here
  /// @throws Refusal INVALID, naming the parameter
  public static FileQuery of(HttpRequest request, Set<String> purposes) {
    Map<String, String> query = request.query();
    for (String name : query.keySet()) {
      if (!NAMES.contains(name)) {
        throw Refusal.invalid(
            Text.shorten(name),
            "%s is not known; accepted: purpose, after, limit, order"
                .formatted(Text.shorten(name)));
      }
    }
    String purpose = query.get(PURPOSE);
    if (purpose != null && !purposes.contains(purpose)) {
      throw wrong(PURPOSE, purpose, String.join(", ", purposes.stream().sorted().toList()));
    }
    String order = query.getOrDefault(ORDER, "desc");
    if (!order.equals("asc") && !order.equals("desc")) {
      throw wrong(ORDER, order, "asc, desc");
    }
    int limit = limit(query.get(LIMIT));
    return new FileQuery(purpose, query.get(AFTER), limit, order.equals("desc"));
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return LIMIT_MAX;
    }
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= LIMIT_MAX) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw wrong(LIMIT, text, "a whole number from 1 to " + LIMIT_MAX);
  }

  private static Refusal wrong(String name, String found, String accepted) {
    return Refusal.invalid(
        name, "%s is '%s'; accepted: %s".formatted(name, Text.shorten(found), accepted));
  }
}
