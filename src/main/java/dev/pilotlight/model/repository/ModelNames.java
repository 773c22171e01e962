package dev.pilotlight.model.repository;

import dev.pilotlight.domain.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Finds the model for a caller's name: by name, else by alias, else by the part after the last
/// slash (`sentence-transformers/all-MiniLM-L6-v2`), else ignoring letter case.
///
/// Callers' names are only compared with listed names.
final class ModelNames {
  private static final int ECHO_CHARS_MAX = 100;
  private static final int NAMES_MAX = 50;

  private final Hints hints;

  ModelNames(Hints hints) {
    this.hints = hints;
  }

  /// The name of the model in the repository.
  ///
  /// @return empty if no model matches
  /// @throws Refusal `INVALID` if several match
  Optional<String> find(String asked, Listing listing) {
    if (listing.has(asked)) {
      return Optional.of(asked);
    }
    Set<String> names = listing.names();
    String tail = asked.substring(asked.lastIndexOf('/') + 1);
    List<Predicate<String>> steps =
        List.of(
            name -> hints.aliases(name, listing).contains(asked),
            name -> name.equals(tail),
            name -> hints.aliases(name, listing).contains(tail),
            name ->
                Stream.concat(Stream.of(name), hints.aliases(name, listing).stream())
                    .anyMatch(one -> one.equalsIgnoreCase(asked) || one.equalsIgnoreCase(tail)));
    for (Predicate<String> step : steps) {
      List<String> found = names.stream().filter(step).toList();
      if (found.size() > 1) {
        throw Refusal.invalid(
            "model",
            "model %s is ambiguous; accepted: %s"
                .formatted(echo(asked), String.join(" or ", found)));
      }
      if (!found.isEmpty()) {
        return Optional.of(found.getFirst());
      }
    }
    return Optional.empty();
  }

  static Refusal notFound(String asked, Listing listing) {
    List<String> names = List.copyOf(listing.names());
    String shown =
        names.size() <= NAMES_MAX
            ? names.toString()
            : "%s and %d more".formatted(names.subList(0, NAMES_MAX), names.size() - NAMES_MAX);
    return Refusal.notFound(
        "model", "there is no model %s; available: %s".formatted(echo(asked), shown));
  }

  static String echo(String given) {
    String shown = given.length() > ECHO_CHARS_MAX ? given.substring(0, ECHO_CHARS_MAX) : given;
    return "'" + shown + "'";
  }
}
