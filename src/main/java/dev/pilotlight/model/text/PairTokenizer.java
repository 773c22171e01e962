package dev.pilotlight.model.text;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;

/// Two texts to the tokens of one run, truncated together as transformers does by `longest_first`.
///
/// @param tokenizer of single texts, with the same limits
record PairTokenizer(Tokenizer tokenizer) {

  /// As [Tokenizer#encode(String, String, boolean)].
  TokenIds encode(String first, String second, boolean truncate) {
    boolean firstWhole = tokenizer.isWhole(first);
    boolean secondWhole = tokenizer.isWhole(second);
    boolean whole = firstWhole && secondWhole;
    PairTokens both = tokenizer.encoder().encode(tokenizer.read(first), tokenizer.read(second));
    int count = both.count();
    if (count == 0) {
      throw Refusal.invalid(Item.FIELD, "the two texts have no tokens");
    }
    int firsts = both.own(PairTokens.FIRST);
    int seconds = both.own(PairTokens.SECOND);
    int room = tokenizer.tokensMax() - (count - firsts - seconds);
    if (room <= 0) {
      throw Refusal.invalid(
          Item.FIELD,
          "the model takes %d tokens, %d of them special: no room for two texts"
              .formatted(tokenizer.tokensMax(), count - firsts - seconds));
    }
    if (whole && count <= tokenizer.tokensMax()) {
      return both.whole();
    }
    if (!truncate) {
      throw Refusal.invalid(
          Item.FIELD,
          ("the two texts have %s tokens together; the model takes %d: shorten them, or send"
                  + " \"truncate\": true")
              .formatted((whole ? "" : "more than ") + count, tokenizer.tokensMax()));
    }
    Kept kept = Kept.of(firsts, seconds, room);
    if (!whole && !kept.isSure(firsts, firstWhole, seconds, secondWhole, room)) {
      throw Refusal.invalid(
          Item.FIELD,
          ("the two texts have %d and %d characters, and how to truncate them depends on more than"
                  + " the first %d of each; no more are read")
              .formatted(first.length(), second.length(), tokenizer.charsMax));
    }
    return both.keep(kept.first, kept.second, tokenizer.keepsEnd());
  }

  /// How many tokens two texts keep, special ones apart.
  record Kept(int first, int second) {
    /// The tokenizers library's `longest_first`: the longer text loses tokens until it is as long
    /// as the shorter, then both do. If their room is odd, the longer one has the last place, and
    /// of equally long ones the second.
    ///
    /// @param room the most tokens of both together
    static Kept of(int first, int second, int room) {
      if (first + second <= room) {
        return new Kept(first, second);
      }
      int shorter = Math.min(first, second);
      int keptOfShorter = Math.min(shorter, room / 2);
      int keptOfLonger = room - keptOfShorter;
      return first > second
          ? new Kept(keptOfLonger, keptOfShorter)
          : new Kept(keptOfShorter, keptOfLonger);
    }

    /// Whether texts that were not read to their ends keep as many tokens, however many follow.
    boolean isSure(int firsts, boolean firstWhole, int seconds, boolean secondWhole, int room) {
      int more = room + firsts + seconds;
      int firstMost = firstWhole ? firsts : firsts + more;
      int secondMost = secondWhole ? seconds : seconds + more;
      return equals(of(firstMost, seconds, room))
          && equals(of(firsts, secondMost, room))
          && equals(of(firstMost, secondMost, room));
    }
  }
}
