package dev.pilotlight.domain.task;

import java.util.List;

/// The form of a text's result that a request wants instead of the model's usual one. It is part of
/// the result's key.
///
/// Equal forms give equal results, bit for bit.
public sealed interface ResultForm {

  /// The vector of every token, special ones included: [#VECTORS] FP32 `[tokens, size]`.
  record TokenVectors() implements ResultForm {}

  /// The weights of tokens that are not 0: [#INDICES] INT32 `[n]`, ascending, and [#VALUES] FP32
  /// `[n]`.
  record Sparse() implements ResultForm {}

  /// The most probable tokens at each mask of the text, the best first: [#TOKENS] INT32, [#SCORES]
  /// FP32, [#STRINGS] and [#SEQUENCES] BYTES, all `[masks, count]`; and [#FILLED] BYTES `[]`, the
  /// best tokens of all masks as one text.
  ///
  /// @param top the most tokens a mask gets, 1 to [#TOP_MAX]
  /// @param targets the ids among which they are chosen, ascending and distinct; empty for all
  record FillMask(int top, List<Integer> targets) implements ResultForm {
    public static final int TOP_MAX = 1000;

    /// The number of tokens if a request does not choose it.
    public static final int TOP_DEFAULT = 5;

    /// The most bytes that the sequences of a result may have, about.
    public static final long BYTES_MAX = 4L << 20;

    public FillMask {
      targets = targets.stream().distinct().sorted().toList();
      if (top < 1 || top > TOP_MAX) {
        throw new IllegalArgumentException("top is " + top);
      }
    }

    /// How many tokens a mask gets at most.
    public int count() {
      return targets.isEmpty() ? top : Math.min(top, targets.size());
    }
  }

  String VECTORS = "token_vectors";
  String INDICES = "indices";
  String VALUES = "values";
  String TOKENS = "tokens";
  String SCORES = "scores";
  String STRINGS = "token_strs";
  String SEQUENCES = "sequences";
  String FILLED = "filled";
}
