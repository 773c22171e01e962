package dev.pilotlight.cli.inspect;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Result;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A token of a text with its best label.
///
/// @param start the first code point of the text from which the token was made
/// @param end after its last code point
public record TokenLabel(String token, String label, float score, int start, int end) {
  /// Whether a result has token labels.
  public static boolean isIn(Result result) {
    return result.outputs().stream().anyMatch(it -> it.name().equals(ModelInfo.OFFSETS_OUTPUT));
  }

  /// The tokens of a result, without the special ones around the text.
  public static List<TokenLabel> of(Result result) {
    List<byte[]> tokens = result.output(ModelInfo.TOKENS_OUTPUT).bytes();
    List<byte[]> labels = result.output(ModelInfo.LABEL_OUTPUT).bytes();
    float[] scores = result.output(ModelInfo.SCORE_OUTPUT).floats();
    byte[] special = result.output(ModelInfo.SPECIAL_OUTPUT).data();
    ByteBuffer offsets = result.output(ModelInfo.OFFSETS_OUTPUT).buffer();
    List<TokenLabel> all = new ArrayList<>();
    for (int i = 0; i < special.length; i++) {
      int start = offsets.getInt();
      int end = offsets.getInt();
      if (special[i] == 0) {
        all.add(new TokenLabel(text(tokens.get(i)), text(labels.get(i)), scores[i], start, end));
      }
    }
    return all;
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
