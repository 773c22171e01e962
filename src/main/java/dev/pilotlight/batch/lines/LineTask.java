package dev.pilotlight.batch.lines;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.model.Model;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/// What is to be done for a line.
public sealed interface LineTask {

  /// Items to be run; then one of two functions gives the line of the output, neither of which
  /// throws.
  ///
  /// @param items at least one
  /// @param fieldOf the name of an item's field in the line
  /// @param say takes one answer for each item, in their order
  /// @param sayError takes why there is no answer: a [dev.pilotlight.domain.Refusal] is told,
  ///   anything else is an internal error of which nothing is
  record Ask(
      Model model,
      List<Item> items,
      IntFunction<String> fieldOf,
      Function<List<Answer>, Said> say,
      Function<Throwable, byte[]> sayError)
      implements LineTask {
    public Ask {
      items = List.copyOf(items);
    }
  }

  /// Nothing to be run: the line's answer is an error.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Wrong(byte[] answerLine) implements LineTask {}

  /// A line of the output.
  ///
  /// @param failed whether it is an error after all: there are tensors that JSON cannot say
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Said(byte[] line, boolean failed) {}
}
