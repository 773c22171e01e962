package dev.pilotlight.domain;

import dev.pilotlight.domain.tensor.Dimensions;
import java.util.List;

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
public record ModelPolicy(
    List<String> aliases,
    boolean acceptsTokenIds,
    boolean truncates,
    Dimensions dimensions,
    Speculation speculation,
    boolean rawScores) {
  /// Whether a model's runs begin before the store has answered the look-up.
  public enum Speculation {
    /// Where that saves more time than it wastes, by what the environment has measured.
    AUTO,
    /// Whenever Redis has reported the result absent.
    ON,
    OFF
  }

  /// The policy of a model whose files declare none.
  public static final ModelPolicy DEFAULT =
      new ModelPolicy(List.of(), false, false, new Dimensions.Full(), Speculation.AUTO, false);

  public ModelPolicy {
    aliases = List.copyOf(aliases);
  }
}
