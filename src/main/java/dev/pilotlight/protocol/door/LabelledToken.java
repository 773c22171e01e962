package dev.pilotlight.protocol.door;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.task.Labels;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A token of a text with the scores of its labels: one of the "pre-entities" of transformers'
/// pipeline.
///
/// @param word the token's name, or the text's part for an unknown one
/// @param scores by the labels' places
/// @param start the first code point of the text from which the token was made
/// @param end after its last code point
/// @param index among all tokens, special ones included
/// @param subword whether it continues the word of the token before it
@SuppressWarnings("ArrayRecordComponent") // never compared
record LabelledToken(String word, float[] scores, int start, int end, int index, boolean subword) {

  /// The tokens of a result, without the special ones around the text.
  static List<LabelledToken> of(Result result, Labels labels) {
    List<byte[]> words = result.output(ModelInfo.TOKENS_OUTPUT).bytes();
    float[] logits = result.output(ModelInfo.LOGITS_OUTPUT).floats();
    ByteBuffer offsets = result.output(ModelInfo.OFFSETS_OUTPUT).buffer();
    byte[] special = result.output(ModelInfo.SPECIAL_OUTPUT).data();
    byte[] subwords = result.output(ModelInfo.SUBWORD_OUTPUT).data();
    int size = labels.names().size();
    List<LabelledToken> tokens = new ArrayList<>(words.size());
    for (int i = 0; i < words.size(); i++) {
      int start = offsets.getInt();
      int end = offsets.getInt();
      if (special[i] == 0) {
        tokens.add(
            new LabelledToken(
                new String(words.get(i), StandardCharsets.UTF_8),
                labels.shares(Arrays.copyOfRange(logits, i * size, (i + 1) * size)),
                start,
                end,
                i,
                subwords[i] != 0));
      }
    }
    return tokens;
  }

  float highest() {
    return scores[Labels.best(scores)];
  }
}
