package dev.pilotlight.model.text;

import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.wordpiece.Rules.Normalization;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The settings of `tokenizer_config.json` with which transformers overrides the normaliser of a
/// `tokenizer.json` when it loads one of BERT's tokenizers. If a setting is absent, the class's
/// default applies.
///
/// @param tokenizer the class, such as `BertTokenizer`
/// @param stripsAccents null to do so with lower case only
/// @param declaresCase whether the file has `do_lower_case`
public record BertFlags(
    String tokenizer,
    boolean lowersCase,
    @Nullable Boolean stripsAccents,
    boolean splitsChinese,
    boolean declaresCase) {
  private static final String LOWER = "lowercase";
  private static final String ACCENTS = "strip_accents";
  private static final String CHINESE = "handle_chinese_chars";
  private static final String FAST = "Fast";
  private static final String NAME = "Tokenizer";
  // compares case and accents only, up to transformers 4
  private static final String MPNET = "MPNetTokenizer";

  // the tokenizer class of a model, if no file names it
  private static final Map<String, String> MODELS =
      Map.of(
          "bert", "BertTokenizer",
          "convbert", "ConvBertTokenizer",
          "distilbert", "DistilBertTokenizer",
          "electra", "ElectraTokenizer",
          "funnel", "FunnelTokenizer",
          "layoutlm", "LayoutLMTokenizer",
          "mobilebert", "MobileBertTokenizer",
          "mpnet", MPNET,
          "squeezebert", "SqueezeBertTokenizer");

  private static final Set<String> OTHER_CLASSES =
      Set.of(
          "DPRContextEncoderTokenizer",
          "DPRQuestionEncoderTokenizer",
          "DPRReaderTokenizer",
          "LxmertTokenizer");

  /// Reads the settings of the two files.
  ///
  /// @param settings `tokenizer_config.json`
  /// @param config `config.json`
  /// @return empty where another class loads the tokenizer, or there are no settings
  public static Optional<BertFlags> read(JsonFile settings, JsonFile config) {
    String tokenizer = tokenizer(settings, config);
    if (settings.keys().isEmpty()
        || !(MODELS.containsValue(tokenizer) || OTHER_CLASSES.contains(tokenizer))) {
      return Optional.empty();
    }
    Optional<Boolean> lowersCase = settings.flag("do_lower_case");
    return Optional.of(
        new BertFlags(
            tokenizer,
            lowersCase.orElse(true),
            settings.flag(ACCENTS).orElse(null),
            settings.flag("tokenize_chinese_chars").orElse(true),
            lowersCase.isPresent()));
  }

  /// The tokenizer's class without the suffix of fast tokenizers; empty if no file names it.
  static String tokenizer(JsonFile settings, JsonFile config) {
    String tokenizer =
        settings
            .text("tokenizer_class")
            .or(() -> config.text("tokenizer_class"))
            .or(() -> config.text("model_type").map(MODELS::get))
            .orElse("");
    return tokenizer.endsWith(NAME + FAST)
        ? tokenizer.substring(0, tokenizer.length() - FAST.length())
        : tokenizer;
  }

  /// A normaliser as transformers has it after loading.
  ///
  /// @throws LoadFailure if versions of transformers differ in that
  Normalization over(Normalization file) {
    if (tokenizer.equals(MPNET) && file.chineseCharacters() != splitsChinese) {
      throw refused("tokenize_chinese_chars is " + splitsChinese, CHINESE, !splitsChinese);
    }
    return new Normalization(file.cleanText(), splitsChinese, strips(), lowersCase);
  }

  /// Whether a normaliser is another one after loading. (Compared by hand: a record's own equality
  /// is code that is generated when it is first asked, in some milliseconds of a cold start.)
  boolean changes(Normalization file) {
    return file.chineseCharacters() != splitsChinese
        || file.stripAccents() != strips()
        || file.lowercase() != lowersCase;
  }

  private boolean strips() {
    return stripsAccents == null ? lowersCase : stripsAccents;
  }

  /// The same of a normaliser as JSON.
  ///
  /// @return empty if nothing changes
  /// @throws LoadFailure if it is not BERT's and contradicts the settings
  Optional<String> over(JsonFile normalizer) {
    Map<String, @Nullable Object> file = normalizer.map(LowerCasing.NORMALIZER);
    if (!"BertNormalizer".equals(file.get("type"))) {
      boolean lowers = LowerCasing.lowersCase(file);
      if (declaresCase && lowers != lowersCase) {
        throw refused("do_lower_case is " + lowersCase, "the normalizer lower-cases", lowers);
      }
      return Optional.empty();
    }
    boolean lower = !Boolean.FALSE.equals(file.get(LOWER));
    Object accents = file.get(ACCENTS);
    Normalization old =
        new Normalization(
            !Boolean.FALSE.equals(file.get("clean_text")),
            !Boolean.FALSE.equals(file.get(CHINESE)),
            accents instanceof Boolean strips ? strips : lower,
            lower);
    Normalization wanted = over(old);
    return changes(old) ? Optional.of(json(wanted)) : Optional.empty();
  }

  private static String json(Normalization normalization) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("clean_text", normalization.cleanText());
    values.put(CHINESE, normalization.chineseCharacters());
    values.put(ACCENTS, normalization.stripAccents());
    values.put(LOWER, normalization.lowercase());
    StringBuilder json = new StringBuilder("{\"type\": \"BertNormalizer\"");
    values.forEach((name, value) -> json.append(", \"%s\": %s".formatted(name, value)));
    return json.append('}').toString();
  }

  /// As metadata shows what was changed, and as the result key has it.
  public String label() {
    Normalization all = over(new Normalization(true, splitsChinese, true, true));
    return "%s %b, %s %b, %s %b"
        .formatted(
            LOWER, all.lowercase(), ACCENTS, all.stripAccents(), CHINESE, all.chineseCharacters());
  }

  private LoadFailure refused(String setting, String property, boolean value) {
    return new LoadFailure(
        ("%s: %s, but in tokenizer.json: %s is %s, and versions of transformers differ in what"
                + " counts; save the tokenizer again with save_pretrained, or make them agree")
            .formatted(ModelFiles.TOKENIZER_CONFIG, setting, property, value));
  }
}
