package dev.pilotlight.wordpiece;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Text to token ids, for the rules of one `tokenizer.json`.
///
/// Thread-safe: nothing changes once it is made.
public final class WordPiece {
  private static final int ROOM = 16;

  private final Rules rules;
  private final Vocabulary vocabulary;
  private final Normalizer normalizer;
  private final Pieces pieces;
  private final AddedTokens inText;
  private final AddedTokens inNormalized;

  private WordPiece(Rules rules, Vocabulary vocabulary, List<Rules.Added> inNormalized) {
    this.rules = rules;
    this.vocabulary = vocabulary;
    normalizer = new Normalizer(rules.normalization());
    int unknown = vocabulary.find(rules.unknown());
    pieces = new Pieces(vocabulary, rules.prefix(), unknown, rules.wordCharsMax());
    inText = new AddedTokens(rules.added().stream().filter(token -> !token.normalized()).toList());
    this.inNormalized = new AddedTokens(inNormalized);
  }

  /// Combines rules and vocabulary; empty if they do not match. Each token of the rules has to be
  /// in the vocabulary, with the same id, and only once among the rules.
  public static Optional<WordPiece> of(TokenizerFile file, Rules rules) {
    Vocabulary vocabulary = file.vocabulary();
    if (vocabulary.find(rules.unknown()) == Vocabulary.NONE) {
      return Optional.empty();
    }
    Normalizer normalizer = new Normalizer(rules.normalization());
    List<Rules.Added> normalized =
        rules.added().stream()
            .filter(Rules.Added::normalized)
            .map(token -> token.as(normalizer.normalize(token.content())))
            .toList();
    Set<String> contents = new HashSet<>();
    Set<Integer> ids = new HashSet<>();
    for (Rules.Added token : rules.added()) {
      if (token.content().isEmpty()
          || vocabulary.find(token.content()) != token.id()
          || !contents.add(token.content())
          || !ids.add(token.id())) {
        return Optional.empty();
      }
    }
    Set<String> forms = new HashSet<>();
    if (!normalized.stream().allMatch(t -> !t.content().isEmpty() && forms.add(t.content()))) {
      return Optional.empty();
    }
    return Optional.of(new WordPiece(rules, vocabulary, normalized));
  }

  /// The ids of a text's tokens, those around it included.
  public long[] ids(String text) {
    byte[] utf8 = Utf8.of(text);
    Encoding encoding = new Encoding(utf8);
    encoding.all();
    return encoding.ids.toArray();
  }

  /// A text's tokens with their places; empty if normalisation changes the order of its characters:
  /// only Hugging Face's library has the places then.
  public Optional<Located> locate(String text) {
    // the classes that it needs load with the first such text
    return Located.of(Utf8.of(text), this, vocabulary);
  }

  /// Adds all tokens of a text.
  ///
  /// @param normalized holds its parts in turn
  void add(byte[] text, Ids ids, Utf8 normalized) {
    new Encoding(text, ids, normalized).all();
  }

  /// The ids of a text's tokens, without any around it.
  public long[] ownIds(String text) {
    byte[] utf8 = Utf8.of(text);
    Encoding encoding = new Encoding(utf8);
    inText.split(utf8, utf8.length, encoding);
    return encoding.ids.toArray();
  }

  /// The tokens that are put around two texts; empty if it has no form for two.
  public Optional<Rules.Pair> pair() {
    return rules.pair();
  }

  /// The type ids of a text with `count` tokens.
  public long[] typeIds(int count) {
    long[] typeIds = new long[count];
    Arrays.fill(typeIds, rules.typeId());
    for (int i = 0; i < before(); i++) {
      typeIds[i] = rules.before().get(i).typeId();
    }
    for (int i = 0; i < after(); i++) {
      typeIds[count - after() + i] = rules.after().get(i).typeId();
    }
    return typeIds;
  }

  /// The number of tokens before every text.
  public int before() {
    return rules.before().size();
  }

  /// The number of tokens after every text.
  public int after() {
    return rules.after().size();
  }

  /// One text on its way: split at the added tokens, normalised, split at those again that are
  /// looked for in normalised text, and cut into pieces.
  private final class Encoding implements AddedTokens.Parts {
    private final Ids ids;
    private final byte[] text;
    private final Utf8 normalized;

    Encoding(byte[] text) {
      this(text, new Ids(), new Utf8(text.length + ROOM));
    }

    Encoding(byte[] text, Ids ids, Utf8 normalized) {
      this.text = text;
      this.ids = ids;
      this.normalized = normalized;
    }

    /// Adds the tokens of the text, and those around it.
    void all() {
      rules.before().forEach(token -> ids.add(token.id()));
      inText.split(text, text.length, this);
      rules.after().forEach(token -> ids.add(token.id()));
    }

    @Override
    public void token(int id, int from, int to) {
      ids.addToken(id, from, to);
    }

    @Override
    public void text(int from, int to) {
      normalized.clear();
      normalizer.normalize(text, from, to, normalized);
      inNormalized.split(normalized.bytes(), normalized.length(), new Normalized());
    }

    private final class Normalized implements AddedTokens.Parts {
      @Override
      public void token(int id, int from, int to) {
        ids.addPart(id, from, to);
      }

      @Override
      public void text(int from, int to) {
        pieces.add(normalized.bytes(), from, to, ids);
      }
    }
  }
}
