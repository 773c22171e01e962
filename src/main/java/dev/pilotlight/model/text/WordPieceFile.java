package dev.pilotlight.model.text;

import dev.pilotlight.model.files.JsonFile;
import dev.pilotlight.model.files.ModelFiles;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.wordpiece.Rules;
import dev.pilotlight.wordpiece.TokenizerFile;
import dev.pilotlight.wordpiece.WordPiece;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads a `tokenizer.json` of BERT's kind: `BertNormalizer`, `BertPreTokenizer`, `WordPiece`, and
/// special tokens around the text.
///
/// A file with any unknown key is left to the tokenizers library, to be read or refused.
final class WordPieceFile {
  private static final String NAME = ModelFiles.TOKENIZER;

  private WordPieceFile() {}

  /// A tokenizer.
  ///
  /// @param lowersCase whether it puts texts into lower case
  /// @param changed whether the settings changed its normaliser
  record Read(WordPiece wordPiece, boolean lowersCase, boolean changed) {}

  /// @param flags the settings of `tokenizer_config.json` for the normaliser
  /// @param isSaved whether packaging saved the vocabulary
  static Optional<Read> read(Path path, Optional<BertFlags> flags, boolean isSaved) {
    try {
      Optional<TokenizerFile> file = TokenizerFile.read(path, isSaved);
      if (file.isEmpty()) {
        return Optional.empty();
      }
      ExactObject root = root(JsonFile.of(NAME, file.get().rest()));
      Rules.Normalization declared = normalization(root);
      Rules.Normalization own = flags.map(f -> f.over(declared)).orElse(declared);
      boolean changed = flags.isPresent() && flags.get().changes(declared);
      return WordPiece.of(file.get(), rules(root, own))
          .map(tokenizer -> new Read(tokenizer, own.lowercase(), changed));
    } catch (IOException | LoadFailure | ExactObject.Unexpected _) {
      return Optional.empty();
    }
  }

  private static ExactObject root(JsonFile file) {
    ExactObject root =
        ExactObject.of(
            file.root(),
            "version",
            "truncation",
            "padding",
            "added_tokens",
            "normalizer",
            "pre_tokenizer",
            "post_processor",
            "decoder",
            "model");
    root.expect("version", "1.0");
    return root;
  }

  private static Rules rules(ExactObject root, Rules.Normalization normalization) {
    root.object("pre_tokenizer", "type").expect("type", "BertPreTokenizer");
    decoder(root);
    ExactObject model =
        root.object(
            "model",
            "type",
            "unk_token",
            "continuing_subword_prefix",
            "max_input_chars_per_word",
            "vocab");
    model.expect("type", "WordPiece");
    // the reader has removed it, if it was this one
    model.object("vocab");
    SpecialTokens around = SpecialTokens.read(root);
    return new Rules(
        normalization,
        model.text("unk_token"),
        model.text("continuing_subword_prefix"),
        model.count("max_input_chars_per_word"),
        added(root),
        around.before(),
        around.typeId(),
        around.after(),
        around.pair());
  }

  private static Rules.Normalization normalization(ExactObject root) {
    ExactObject normalizer =
        root.object(
            "normalizer",
            "type",
            "clean_text",
            "handle_chinese_chars",
            "strip_accents",
            "lowercase");
    normalizer.expect("type", "BertNormalizer");
    boolean lowercase = normalizer.flag("lowercase");
    return new Rules.Normalization(
        normalizer.flag("clean_text"),
        normalizer.flag("handle_chinese_chars"),
        normalizer.isNull("strip_accents") ? lowercase : normalizer.flag("strip_accents"),
        lowercase);
  }

  /// Not used here, but a file that the library would not read is not read here, either.
  private static void decoder(ExactObject root) {
    if (!root.isNull("decoder")) {
      ExactObject decoder = root.object("decoder", "type", "prefix", "cleanup");
      decoder.expect("type", "WordPiece");
      decoder.text("prefix");
      decoder.flag("cleanup");
    }
  }

  private static List<Rules.Added> added(ExactObject root) {
    List<Rules.Added> added = new ArrayList<>();
    for (Object element : root.list("added_tokens")) {
      ExactObject token =
          ExactObject.of(
              element, "id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
      token.flag("special");
      // single words would need another table, for a feature that no known model uses
      token.expect("single_word", false);
      added.add(
          new Rules.Added(
              token.text("content"),
              token.count("id"),
              token.flag("normalized"),
              token.flag("lstrip"),
              token.flag("rstrip")));
    }
    return added;
  }
}
