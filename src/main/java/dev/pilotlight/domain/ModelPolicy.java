package dev.pilotlight.domain;

import dev.pilotlight.domain.tensor.Dimensions;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The rules for a model's requests. They never change an answer, so they are not part of a
/// result's key.
///
/// @param aliases other names that requests may use for the model
/// @param acceptsTokenIds whether OpenAI-shaped requests may send token ids
/// @param truncates whether a text over the token limit is truncated if the request does not choose
/// @param dimensions the lengths that the request field `dimensions` may ask for
/// @param speculation whether runs begin before the store has answered
/// @param rawScores whether rankings hold logits instead of their sigmoid if the request does not
///   choose
/// @param prompts the prompts that a request may choose by name
public record ModelPolicy(
    List<String> aliases,
    boolean acceptsTokenIds,
    boolean truncates,
    Dimensions dimensions,
    Speculation speculation,
    boolean rawScores,
    Prompts prompts) {
  /// Whether a model's runs begin before the store has answered the look-up.
  public enum Speculation {
    /// Where that saves more time than it wastes, by what the environment has measured.
    AUTO,
    /// Whenever Redis has reported the result absent.
    ON,
    OFF
  }

  /// The named prompts of a model: texts that go before a text, such as `query: `.
  ///
  /// The methods that choose one return its text for [Item.Text#withPrompt]: empty where the choice
  /// changes nothing, so that the result's key stays that of a request without a prompt.
  ///
  /// @param byName the text of each prompt, which may be empty, in the order of the model's file
  /// @param defaultName of the prompt that goes before a text whose request chooses none
  public record Prompts(Map<String, String> byName, Optional<String> defaultName) {
    /// The field of a refusal.
    public static final String FIELD = "prompt_name";

    /// The prompts of a model whose files declare none.
    public static final Prompts NONE = new Prompts(Map.of(), Optional.empty());

    private static final String QUERY = "query";
    private static final List<String> DOCUMENT = List.of("document", "passage", "corpus");

    public Prompts {
      byName = Collections.unmodifiableMap(byName);
    }

    public boolean isEmpty() {
      return byName.isEmpty();
    }

    /// The text of the default prompt; empty if there is none.
    public String defaultText() {
      return defaultName.isPresent() ? byName.getOrDefault(defaultName.get(), "") : "";
    }

    /// Chooses a prompt by its name; for a model without prompts, none.
    ///
    /// @throws Refusal INVALID if the model has prompts, but none of this name
    public Optional<String> named(String name) {
      if (isEmpty()) {
        return Optional.empty();
      }
      String text = byName.get(name);
      if (text == null) {
        throw Refusal.invalid(
            FIELD,
            "%s is \"%s\"; accepted for this model: %s"
                .formatted(FIELD, shorten(name), String.join(", ", byName.keySet())));
      }
      return chosen(text);
    }

    /// Chooses the prompt for queries, `query`, as sentence-transformers' `encode_query` does; none
    /// if the model has none of that name.
    public Optional<String> ofQuery() {
      String text = byName.get(QUERY);
      return text == null ? Optional.empty() : chosen(text);
    }

    /// Chooses the prompt for documents, as sentence-transformers' `encode_document` does: the
    /// first of `document`, `passage` and `corpus` that the model has, else none.
    public Optional<String> ofDocument() {
      for (String name : DOCUMENT) {
        String text = byName.get(name);
        if (text != null) {
          return chosen(text);
        }
      }
      return Optional.empty();
    }

    private Optional<String> chosen(String text) {
      return text.equals(defaultText()) ? Optional.empty() : Optional.of(text);
    }

    private static String shorten(String name) {
      return name.length() <= NAME_CHARS_MAX ? name : name.substring(0, NAME_CHARS_MAX) + "…";
    }
  }

  private static final int NAME_CHARS_MAX = 64;

  /// The policy of a model whose files declare none.
  public static final ModelPolicy DEFAULT =
      new ModelPolicy(
          List.of(), false, false, new Dimensions.Full(), Speculation.AUTO, false, Prompts.NONE);

  public ModelPolicy {
    aliases = List.copyOf(aliases);
  }
}
