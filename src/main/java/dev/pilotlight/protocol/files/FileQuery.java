package dev.pilotlight.protocol.files;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.http.HttpRequest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The query of `GET /v1/files`.
///
/// @param purpose OpenAI's name; null for all
/// @param newestFirst the order
public record FileQuery(PageQuery page, @Nullable String purpose, boolean newestFirst) {
  /// The most files of an answer, also without a limit.
  public static final int LIMIT_MAX = 10_000;

  private static final String PURPOSE = "purpose";
  private static final String ORDER = "order";

  /// Reads the query.
  ///
  /// @param purposes OpenAI's names of those that files have here
  /// @throws Refusal INVALID, naming the parameter
  public static FileQuery of(HttpRequest request, Set<String> purposes) {
    PageQuery page = PageQuery.of(request, LIMIT_MAX, LIMIT_MAX, List.of(PURPOSE, ORDER));
    String purpose = request.query().get(PURPOSE);
    if (purpose != null && !purposes.contains(purpose)) {
      throw PageQuery.wrong(
          PURPOSE, purpose, String.join(", ", purposes.stream().sorted().toList()));
    }
    String order = request.query().getOrDefault(ORDER, "desc");
    if (!order.equals("asc") && !order.equals("desc")) {
      throw PageQuery.wrong(ORDER, order, "asc, desc");
    }
    return new FileQuery(page, purpose, order.equals("desc"));
  }
}
