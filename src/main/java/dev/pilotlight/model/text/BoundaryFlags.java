package dev.pilotlight.model.text;

import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.format.LoadFailure;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `add_bos_token` and `add_eos_token` of `tokenizer_config.json`, for the classes that use them
/// instead of `tokenizer.json` to put tokens around a text: Llama's kind up to transformers 4, and
/// a model's own class.
///
/// @param tokenizer the class
/// @param begins whether the first token must be `first`; empty if the file has no such key
/// @param ends whether the last token must be `last`; empty if the file has no such key
public record BoundaryFlags(
    String tokenizer,
    Optional<Boolean> begins,
    Optional<Boolean> ends,
    Optional<String> first,
    Optional<String> last) {
  private static final String BEGIN = "add_bos_token";
  private static final String END = "add_eos_token";
  private static final Set<String> CLASSES =
      Set.of("CodeLlamaTokenizer", "CohereTokenizer", "GemmaTokenizer", "LlamaTokenizer");

  /// Reads the settings of the two files.
  ///
  /// @param settings `tokenizer_config.json`
  /// @param config `config.json`
  /// @return empty where they have no effect
  public static Optional<BoundaryFlags> read(JsonFile settings, JsonFile config) {
    String tokenizer = BertFlags.tokenizer(settings, config);
    boolean own =
        settings.value("auto_map").orElse("") instanceof Map<?, ?> map
            && map.containsKey("AutoTokenizer");
    if (!own && !CLASSES.contains(tokenizer)) {
      return Optional.empty();
    }
    return Optional.of(
        new BoundaryFlags(
            tokenizer,
            settings.flag(BEGIN),
            settings.flag(END),
            settings.token("bos_token"),
            settings.token("eos_token")));
  }

  /// @throws LoadFailure if a tokenizer does otherwise
  void require(TextEncoder encoder) {
    long[] sample = encoder.encode("a").ids();
    long[] before = Arrays.copyOf(sample, encoder.before());
    long[] after = Arrays.copyOfRange(sample, sample.length - encoder.after(), sample.length);
    begins.ifPresent(begin -> require(encoder, BEGIN, begin, first, before));
    ends.ifPresent(end -> require(encoder, END, end, last, after));
  }

  private static void require(
      TextEncoder encoder, String key, boolean adds, Optional<String> token, long[] found) {
    boolean agrees = adds ? isToken(encoder, token, found) : found.length == 0;
    if (!agrees) {
      throw new LoadFailure(
          ("%s: %s is %s, but tokenizer.json puts %s %s every text, and versions of transformers"
                  + " differ in what counts; make its post_processor and %s agree")
              .formatted(
                  ModelFiles.TOKENIZER_CONFIG,
                  key,
                  adds + token.filter(_ -> adds).map(text -> ", the token " + text).orElse(""),
                  found.length == 0 ? "no token" : "the ids " + Arrays.toString(found),
                  key.equals(BEGIN) ? "before" : "after",
                  key));
    }
  }

  private static boolean isToken(TextEncoder encoder, Optional<String> token, long[] found) {
    if (token.isEmpty()) {
      return found.length == 1;
    }
    long[] ids = encoder.encode(token.get()).ids();
    long[] own = Arrays.copyOfRange(ids, encoder.before(), ids.length - encoder.after());
    // if the text is not a single token, its id is unknown here
    return own.length == 1 ? Arrays.equals(own, found) : found.length == 1;
  }
}
