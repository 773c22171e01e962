package dev.pilotlight.domain.text;

import dev.pilotlight.domain.Item;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A model's tokenizer, for requests about tokens: nothing here runs the model. Thread-safe.
///
/// A refusal is [dev.pilotlight.domain.Refusal] INVALID for [dev.pilotlight.domain.Item#FIELD] if
/// the text or the ids are the cause, or if the model takes no texts; UNAVAILABLE if the model's
/// files cannot be read now.
public interface TokenCoder {
  /// A token of a text.
  ///
  /// @param text the part of the text that it stands for; the token's name if it is special
  /// @param special whether it was added around the text
  /// @param start of that part, in bytes of the text as UTF-8; 0 for a special token
  /// @param stop the end of that part, exclusive; 0 for a special token
  record Token(long id, String text, boolean special, int start, int stop) {
    /// Does not show the caller's text.
    @Override
    public String toString() {
      return "Token[" + start + " to " + stop + "]";
    }
  }

  /// A text's tokens, however many, without any prompt.
  ///
  /// @param addsSpecial whether the special tokens around the text are added
  List<Token> tokenize(String text, boolean addsSpecial);

  /// The ids of a text's tokens, however many, without special tokens around it.
  int[] encode(String text);

  /// The text of token ids, as Hugging Face's library decodes them.
  ///
  /// @param skipsSpecial whether special tokens are left out
  /// @throws dev.pilotlight.domain.Refusal also for an id that the tokenizer does not have
  String decode(int[] ids, boolean skipsSpecial);

  /// The ids of tokens.
  ///
  /// @param names as the vocabulary has them, or texts of one token each, not the unknown one
  /// @return one for each name; empty for a name that is neither
  OptionalInt[] tokenIds(List<String> names);

  /// The number of tokens that an item is run with, special ones included.
  ///
  /// @throws dev.pilotlight.domain.Refusal as the item's run would be refused before it begins
  int count(Item item);

  /// The ids of a truncated text, special tokens around it included.
  ///
  /// @param keepsEnd whether the text loses its beginning instead of its end
  /// @return empty if the text is within the model's limit
  Optional<int[]> truncated(String text, boolean keepsEnd);

  /// How tokens of the model become a text again.
  ///
  /// @throws IllegalStateException if the model does not classify tokens
  default TokenJoiner joiner() {
    throw new IllegalStateException("the model does not classify tokens");
  }
}
