package dev.pilotlight.bench.measure;

import dev.pilotlight.bench.baseline.BaselineEvent;
import dev.pilotlight.bench.setup.Answer;
import dev.pilotlight.bench.setup.FunctionProcess;
import dev.pilotlight.bench.setup.Setup;
import dev.pilotlight.local.wire.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Sends new texts to the function, and as many tokens to the baseline. Every answer must be a
/// stored miss. Between rounds, sample vectors are compared with the original graph's.
final class NewTexts {
  private static final int CHECKED_EACH = 20;
  private static final int CHECKED_ITEMS = 2;

  private record Asked(List<String> texts, Answer answer) {}

  private final Setup setup;
  private final FunctionProcess function;
  private final FunctionProcess baseline;
  private final int items;
  private final int tokens;
  private final int valueBytes;
  private final List<Asked> sample = new ArrayList<>();
  private int calls;
  private int answerBytes;
  private int eventBytes;

  /// @param items texts of one call
  /// @param tokens of each, special ones included
  NewTexts(Setup setup, FunctionProcess function, FunctionProcess baseline, int items, int tokens) {
    this.setup = setup;
    this.function = function;
    this.baseline = baseline;
    this.items = items;
    this.tokens = tokens;
    valueBytes = Warm.valueBytes(setup.reference().dimensions(), tokens);
  }

  Reply function() throws IOException, InterruptedException {
    List<String> texts = next();
    byte[] event =
        items == 1 ? setup.events().embeddings(texts.getFirst()) : setup.events().embeddings(texts);
    Reply reply = Warm.call(function, event);
    eventBytes = event.length;
    answerBytes = reply.body().length;
    Answer answer = Answer.of(reply).requireMiss();
    if (answer.vectors().size() != items) {
      throw new IllegalStateException("not %d answers: %s".formatted(items, reply.text()));
    }
    if (calls++ % CHECKED_EACH == 0) {
      sample.add(new Asked(texts, answer));
    }
    return reply;
  }

  /// Call after [#function()]: it uses the same sizes.
  Reply baseline(BaselineEvent.Work work) throws IOException, InterruptedException {
    List<long[]> ids = next().stream().map(setup.reference()::tokens).toList();
    for (long[] item : ids) {
      if (item.length != tokens) {
        throw new IllegalStateException("%d tokens, not %d".formatted(item.length, tokens));
      }
    }
    String key = Long.toString(System.nanoTime(), Character.MAX_RADIX);
    BaselineEvent event = new BaselineEvent(work, answerBytes, valueBytes, key, items, ids);
    Reply reply = Warm.call(baseline, event.encoded(eventBytes));
    if (reply.body().length != answerBytes) {
      throw new IllegalStateException("the baseline answered with %d bytes".formatted(answerBytes));
    }
    return reply;
  }

  /// @throws IllegalStateException if an answer was wrong
  void check() {
    for (Asked asked : sample) {
      for (int i = 0; i < Math.min(items, CHECKED_ITEMS); i++) {
        int item = items - 1 - i;
        setup.reference().check(asked.texts().get(item), asked.answer().vectors().get(item));
      }
    }
    sample.clear();
  }

  private List<String> next() {
    List<String> texts = new ArrayList<>(items);
    for (int i = 0; i < items; i++) {
      texts.add(setup.texts().next(tokens));
    }
    return texts;
  }
}
