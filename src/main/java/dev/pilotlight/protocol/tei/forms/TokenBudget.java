package dev.pilotlight.protocol.tei.forms;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.domain.text.TokenCoder;
import dev.pilotlight.protocol.tei.inputs.Inputs;
import java.util.List;
import java.util.Optional;

/// The limit on the vectors of all tokens that one request may get. The inputs are tokenised before
/// anything runs, so that neither memory nor the response holds more.
///
/// @param dimensions of a token's vector
/// @param bytesMax the most bytes of a response
record TokenBudget(Inputs inputs, long dimensions, int bytesMax) {
  /// The least bytes of a number, even in a compressed response.
  private static final int BYTES_LEAST = 4;

  /// About the least bytes of a number as a decimal, comma included.
  static final int DECIMAL = 9;

  /// @throws Refusal UNSUITED if the size of a token's vector is not known
  static TokenBudget of(FormRequest asked, ModelInfo model) {
    long size =
        model
            .tokenVectors()
            .filter(spec -> !spec.shape().isEmpty())
            .map(spec -> spec.shape().getLast())
            .filter(last -> last > 0)
            .or(() -> model.fact(ModelInfo.TOKEN_SIZE_FACT).map(Long::valueOf))
            .orElseThrow(() -> unknown(model));
    return new TokenBudget(asked.inputs(), size, asked.bytesMax());
  }

  private static Refusal unknown(ModelInfo model) {
    String output = model.tokenVectors().map(TensorSpec::name).orElse("");
    return Refusal.unsuited(
        ("the graph of model %s does not declare the size of the vectors in its output %s, so that"
                + " their number cannot be limited; accepted: a model whose graph declares it")
            .formatted(model.name(), output));
  }

  /// Counts the tokens of all items.
  ///
  /// @return about the least bytes that an answer adds to the response, uncompressed
  /// @throws Refusal TOO_LARGE, naming the input from which on they are too many; INVALID for an
  ///   input that cannot be run
  long require(List<Item> items, TokenCoder tokens) {
    long most = bytesMax / (BYTES_LEAST * dimensions);
    long count = 0;
    for (int i = 0; i < items.size(); i++) {
      count += count(items.get(i), inputs.field(i), tokens);
      if (count > most) {
        throw Refusal.tooLarge(
            inputs.field(i),
            ("%s: the inputs up to here have %d tokens with %d numbers each, more than a response"
                    + " holds; accepted: up to %d bytes, at most %d tokens in all; send fewer or"
                    + " shorter inputs")
                .formatted(inputs.field(i), count, dimensions, bytesMax, most));
      }
    }
    return count * dimensions * DECIMAL / items.size();
  }

  private static long count(Item item, String field, TokenCoder tokens) {
    try {
      return tokens.count(item);
    } catch (Refusal refusal) {
      throw refusal.field().equals(Optional.of(Item.FIELD)) ? refusal.at(field) : refusal;
    }
  }
}
