package dev.pilotlight.model.forms;

import java.util.List;
import java.util.stream.Collectors;

/// A `tokenizer.json` of RoBERTa's kind: the bytes of UTF-8, and a few merges.
public final class ByteLevelTokenizer {
  private static final List<String> SPECIAL = List.of("<s>", "<pad>", "</s>", "<unk>", "<mask>");
  private static final List<String> MERGES =
      List.of("h e", "he l", "hel l", "hell o", "Ġ hello", "i n", "Ġ in");
  private static final int BYTES = 256;

  /// The number of its tokens.
  public static final int VOCABULARY = SPECIAL.size() + BYTES + MERGES.size();

  /// The id of `Ġhello`.
  public static final int SPACE_HELLO = SPECIAL.size() + BYTES + MERGES.indexOf("Ġ hello");

  public static final String JSON =
      """
      {"version": "1.0", "truncation": null, "padding": null, "normalizer": null,
      "added_tokens": [%s],
      "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true},
      "post_processor": {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0],
        "trim_offsets": true, "add_prefix_space": false},
      "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true,
        "use_regex": true},
      "model": {"type": "BPE", "dropout": null, "unk_token": null,
        "continuing_subword_prefix": "", "end_of_word_suffix": "", "fuse_unk": false,
        "vocab": {%s}, "merges": [%s]}}
      """
          .formatted(added(), vocabulary(), quoted(MERGES));

  private ByteLevelTokenizer() {}

  private static String added() {
    return SPECIAL.stream()
        .map(
            token ->
                ("{\"id\": %d, \"content\": \"%s\", \"single_word\": false, \"lstrip\": %s,"
                        + " \"rstrip\": false, \"normalized\": false, \"special\": true}")
                    .formatted(SPECIAL.indexOf(token), token, token.equals("<mask>")))
        .collect(Collectors.joining(", "));
  }

  private static String vocabulary() {
    StringBuilder json = new StringBuilder();
    int id = 0;
    for (String token : SPECIAL) {
      json.append("\"%s\": %d, ".formatted(token, id++));
    }
    int further = BYTES;
    for (int value = 0; value < BYTES; value++) {
      boolean itself =
          (value >= '!' && value <= '~') || (value >= 0xa1 && value <= 0xac) || value >= 0xae;
      int unit = itself ? value : further++;
      json.append("\"\\u%04x\": %d, ".formatted(unit, id++));
    }
    for (String merge : MERGES) {
      json.append("\"%s\": %d, ".formatted(merge.replace(" ", ""), id++));
    }
    return json.substring(0, json.length() - 2);
  }

  private static String quoted(List<String> texts) {
    return texts.stream().map(text -> '"' + text + '"').collect(Collectors.joining(", "));
  }
}
