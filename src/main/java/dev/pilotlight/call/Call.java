package dev.pilotlight.call;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.model.Model;
import dev.pilotlight.protocol.http.HttpResponse;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/// A request bound to its model.
///
/// @param items at least one
/// @param fieldOf an item's field in the caller's own words, such as `input[3]`
/// @param response says the answers, one an item, in the request's protocol; throws a
///   [dev.pilotlight.domain.Refusal] if they cannot be said in it
public record Call(
    Model model,
    List<Item> items,
    IntFunction<String> fieldOf,
    Function<List<Answer>, HttpResponse> response) {
  public Call {
    items = List.copyOf(items);
  }
}
