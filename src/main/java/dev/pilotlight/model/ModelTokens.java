package dev.pilotlight.model;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.text.TokenCoder;
import dev.pilotlight.domain.text.TokenJoiner;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.text.Tokenizer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/// The tokenizer of a loaded model.
record ModelTokens(Model model) implements TokenCoder {
  @Override
  public List<Token> tokenize(String text, boolean addsSpecial) {
    return use(tokenizer -> tokenizer.tokens(text, addsSpecial));
  }

  @Override
  public int[] encode(String text) {
    return use(tokenizer -> tokenizer.bareIds(text));
  }

  @Override
  public String decode(int[] ids, boolean skipsSpecial) {
    return use(tokenizer -> tokenizer.decode(ids, skipsSpecial));
  }

  @Override
  public OptionalInt[] tokenIds(List<String> names) {
    return use(tokenizer -> tokenizer.tokenIds(names));
  }

  @Override
  public int count(Item item) {
    return model.prepare(item).tokens();
  }

  @Override
  public Optional<int[]> truncated(String text, boolean keepsEnd) {
    return use(tokenizer -> tokenizer.truncated(text, keepsEnd));
  }

  @Override
  public TokenJoiner joiner() {
    return model.joiner();
  }

  private <T> T use(Function<Tokenizer, T> use) {
    try {
      return model.withTokenizer(use);
    } catch (LoadFailure e) {
      String message = "the tokenizer of %s: %s".formatted(model.info().name(), e.reason());
      throw e.passes()
          ? Refusal.unavailable(message, Duration.ofSeconds(1), e)
          : Refusal.broken(message, e);
    }
  }
}
