package dev.pilotlight.domain.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// How tokens become a text again: the `decoder` of a `tokenizer.json`, as Hugging Face's library
/// applies it to a list of tokens. Thread-safe.
///
/// Source: `tokenizers/src/decoders` of <https://github.com/huggingface/tokenizers>
public sealed interface TokenJoiner {
  String join(List<String> tokens);

  /// A file without decoder: tokens with a space between them.
  record Spaces() implements TokenJoiner {
    @Override
    public String join(List<String> tokens) {
      return String.join(" ", tokens);
    }
  }

  /// A token after the first loses its prefix, or else follows a space.
  ///
  /// @param cleansUp whether spaces before punctuation and English contractions are removed
  record WordPiece(String prefix, boolean cleansUp) implements TokenJoiner {
    @Override
    public String join(List<String> tokens) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < tokens.size(); i++) {
        String token = tokens.get(i);
        String part = i == 0 ? token : continued(token);
        text.append(cleansUp ? cleanedUp(part) : part);
      }
      return text.toString();
    }

    private String continued(String token) {
      return token.startsWith(prefix) ? token.substring(prefix.length()) : " " + token;
    }

    private static String cleanedUp(String token) {
      return token
          .replace(" .", ".")
          .replace(" ?", "?")
          .replace(" !", "!")
          .replace(" ,", ",")
          .replace(" ' ", "'")
          .replace(" n't", "n't")
          .replace(" 'm", "'m")
          .replace(" do not", " don't")
          .replace(" 's", "'s")
          .replace(" 've", "'ve")
          .replace(" 're", "'re");
    }
  }

  /// A character that stands for a space, as of SentencePiece.
  ///
  /// @param replacement one code point
  /// @param dropsFirst whether the first token loses it
  record Metaspace(String replacement, boolean dropsFirst) implements TokenJoiner {
    @Override
    public String join(List<String> tokens) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < tokens.size(); i++) {
        String space = i == 0 && dropsFirst ? "" : " ";
        text.append(tokens.get(i).replace(replacement, space));
      }
      return text.toString();
    }
  }

  /// A suffix that ends a word.
  record Suffix(String suffix) implements TokenJoiner {
    @Override
    public String join(List<String> tokens) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < tokens.size(); i++) {
        String space = i == tokens.size() - 1 ? "" : " ";
        text.append(tokens.get(i).replace(suffix, space));
      }
      return text.toString();
    }
  }

  /// A character for each byte of UTF-8, as of GPT-2.
  record ByteLevel() implements TokenJoiner {
    private static final int OTHERS = 0x100;
    private static final int[] BYTES = bytes();

    /// The byte of each character, plus 1; 0 for none. The bytes that are visible in Latin-1 stand
    /// for themselves, the others follow from U+0100 on.
    private static int[] bytes() {
      int[] bytes = new int[2 * OTHERS];
      int next = OTHERS;
      for (int b = 0; b < OTHERS; b++) {
        boolean visible = (b >= '!' && b <= '~') || (b >= 0xa1 && b != 0xad);
        bytes[visible ? b : next++] = b + 1;
      }
      return bytes;
    }

    @Override
    public String join(List<String> tokens) {
      ByteArrayOutputStream utf8 = new ByteArrayOutputStream();
      for (String token : tokens) {
        boolean mapped = token.chars().allMatch(c -> c < BYTES.length && BYTES[c] > 0);
        if (mapped) {
          token.chars().forEach(c -> utf8.write(BYTES[c] - 1));
        } else {
          utf8.writeBytes(token.getBytes(StandardCharsets.UTF_8));
        }
      }
      return utf8.toString(StandardCharsets.UTF_8);
    }
  }
}
