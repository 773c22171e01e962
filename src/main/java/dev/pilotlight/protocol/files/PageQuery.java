package dev.pilotlight.protocol.files;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.json.Text;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The parameters by which OpenAI's clients read a list in pages.
///
/// @param after the id of the item before the first; null for the beginning
/// @param limit the most items of the page
public record PageQuery(@Nullable String after, int limit) {
  private static final String AFTER = "after";
  private static final String LIMIT = "limit";
  private static final String API_VERSION = "api-version"; // Azure's clients send it

  /// Reads the parameters.
  ///
  /// @param limitDefault the limit of a request without one
  /// @param limitMax the highest limit that a request may have
  /// @param others the names of the route's further parameters
  /// @throws Refusal INVALID, naming the parameter; also if the route does not have one of them
  public static PageQuery of(
      HttpRequest request, int limitDefault, int limitMax, List<String> others) {
    for (String name : request.query().keySet()) {
      if (!name.equals(AFTER)
          && !name.equals(LIMIT)
          && !name.equals(API_VERSION)
          && !others.contains(name)) {
        String more = others.isEmpty() ? "" : ", " + String.join(", ", others);
        throw Refusal.invalid(
            Text.shorten(name),
            "%s is not known; accepted: %s, %s%s"
                .formatted(Text.shorten(name), AFTER, LIMIT, more));
      }
    }
    String limit = request.query().get(LIMIT);
    return new PageQuery(
        request.query().get(AFTER), limit == null ? limitDefault : limit(limit, limitMax));
  }

  private static int limit(String text, int limitMax) {
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= limitMax) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw wrong(LIMIT, text, "a whole number from 1 to " + limitMax);
  }

  /// A refusal of a parameter's value.
  static Refusal wrong(String name, String found, String accepted) {
    return Refusal.invalid(
        name, "%s is '%s'; accepted: %s".formatted(name, Text.shorten(found), accepted));
  }
}
