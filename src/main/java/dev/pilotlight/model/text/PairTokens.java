package dev.pilotlight.model.text;

import dev.pilotlight.wordpiece.Rules;
import dev.pilotlight.wordpiece.Rules.Special;
import java.util.Arrays;
import java.util.List;

/// Two tokenised texts for one run, special tokens included.
///
/// @param typeIds the segment of each token; as long as `ids`
/// @param texts the text of each token: [#FIRST], [#SECOND], or another number for a special token;
///   as long as `ids`
@SuppressWarnings("ArrayRecordComponent") // never compared
record PairTokens(long[] ids, long[] typeIds, long[] texts) {
  static final long FIRST = 0;
  static final long SECOND = 1;
  private static final long SPECIAL = -1;

  /// Puts the special tokens around two texts.
  ///
  /// @param first the ids of the first text's own tokens
  /// @param second of the second's
  static PairTokens of(long[] first, long[] second, Rules.Pair around) {
    int from = around.before().size();
    int between = from + (around.swapped() ? second : first).length;
    int last = between + around.between().size();
    int after = last + (around.swapped() ? first : second).length;
    int count = after + around.after().size();
    PairTokens pair = new PairTokens(new long[count], new long[count], new long[count]);
    pair.put(around.before(), 0);
    pair.put(first, around.swapped() ? last : from, around.firstTypeId(), FIRST);
    pair.put(around.between(), between);
    pair.put(second, around.swapped() ? from : last, around.secondTypeId(), SECOND);
    pair.put(around.after(), after);
    return pair;
  }

  private void put(long[] own, int at, int typeId, long text) {
    System.arraycopy(own, 0, ids, at, own.length);
    Arrays.fill(typeIds, at, at + own.length, typeId);
    Arrays.fill(texts, at, at + own.length, text);
  }

  private void put(List<Special> specials, int at) {
    for (int i = 0; i < specials.size(); i++) {
      ids[at + i] = specials.get(i).id();
      typeIds[at + i] = specials.get(i).typeId();
      texts[at + i] = SPECIAL;
    }
  }

  int count() {
    return ids.length;
  }

  /// The number of one text's own tokens.
  int own(long text) {
    int own = 0;
    for (long of : texts) {
      own += of == text ? 1 : 0;
    }
    return own;
  }

  TokenIds whole() {
    return new TokenIds(ids, typeIds);
  }

  /// Keeps the special tokens and so many of each text's own.
  ///
  /// @param keepsEnd whether the texts lose their beginnings instead of their ends
  TokenIds keep(int first, int second, boolean keepsEnd) {
    int firstFrom = keepsEnd ? own(FIRST) - first : 0;
    int secondFrom = keepsEnd ? own(SECOND) - second : 0;
    long[] keptIds = new long[count()];
    long[] keptTypes = new long[count()];
    int kept = 0;
    int ofFirst = 0;
    int ofSecond = 0;
    for (int i = 0; i < count(); i++) {
      boolean keeps = true;
      if (texts[i] == FIRST) {
        keeps = ofFirst >= firstFrom && ofFirst < firstFrom + first;
        ofFirst++;
      } else if (texts[i] == SECOND) {
        keeps = ofSecond >= secondFrom && ofSecond < secondFrom + second;
        ofSecond++;
      }
      if (keeps) {
        keptIds[kept] = ids[i];
        keptTypes[kept] = typeIds[i];
        kept++;
      }
    }
    return new TokenIds(Arrays.copyOf(keptIds, kept), Arrays.copyOf(keptTypes, kept), true);
  }
}
