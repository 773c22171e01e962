package dev.pilotlight.model.text;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.files.JsonFile;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The number of token ids of a graph: declared by `config.json`, else found by running the graph
/// on the largest id. ONNX Runtime's Gather then fails with its range, at every optimisation level.
/// Thread-safe.
public final class Vocabulary {
  /// Compiled on the first failed run; most environments never have one.
  private static final class Patterns {
    static final Pattern RANGE =
        Pattern.compile("idx=(-?\\d+) must be within the inclusive range \\[-?\\d+,(\\d+)\\]");
    static final Pattern OUT_OF_RANGE = Pattern.compile("index out of (?:range|bounds)");
  }

  private static final TokenIds LARGEST =
      new TokenIds(new long[] {Integer.MAX_VALUE}, new long[] {0});
  private static final long EVERY_ID = 1L << 31;
  private static final long UNKNOWN = 0;

  private final OptionalInt declared;
  private volatile long probed = UNKNOWN;

  private Vocabulary(OptionalInt declared) {
    this.declared = declared;
  }

  public static Vocabulary of(JsonFile config) {
    Optional<Integer> size = config.integer("vocab_size", 1, Integer.MAX_VALUE);
    // models of text and images have the text's part in a nested object
    return new Vocabulary(
        size.isPresent() ? OptionalInt.of(size.get()) : ofText(config.value("text_config")));
  }

  private static OptionalInt ofText(Optional<Object> part) {
    return part.isPresent()
            && part.get() instanceof Map<?, ?> config
            && config.get("vocab_size") instanceof Long size
            && size > 0
            && size <= Integer.MAX_VALUE
        ? OptionalInt.of(size.intValue())
        : OptionalInt.empty();
  }

  /// Ids are below it. Where no file declares the size, the first call runs the graph once.
  ///
  /// @param run runs the graph on token ids
  public long size(Consumer<TokenIds> run) {
    if (declared.isPresent()) {
      return declared.getAsInt();
    }
    if (probed == UNKNOWN) {
      probed = probe(run);
    }
    return probed;
  }

  private static long probe(Consumer<TokenIds> run) {
    try {
      run.accept(LARGEST);
      return EVERY_ID;
    } catch (RuntimeException e) {
      return range(e).map(range -> Long.parseLong(range.group(2)) + 1).orElse(EVERY_ID);
    }
  }

  /// Converts the failure of a run on a caller's ids to a refusal, if the graph refused an id
  /// outside its table; else returns it as it is.
  public static RuntimeException outside(RuntimeException failure, TokenIds sent) {
    Optional<Matcher> range = range(failure);
    if (range.isPresent()) {
      return Refusal.invalid(
          Item.FIELD,
          "token id %s is not in the vocabulary; accepted: 0 to %s"
              .formatted(range.get().group(1), range.get().group(2)));
    }
    return find(Patterns.OUT_OF_RANGE, failure).isEmpty()
        ? failure
        : Refusal.invalid(
            Item.FIELD,
            "a token id is not in the model's vocabulary; the largest sent is %d"
                .formatted(Arrays.stream(sent.ids()).max().orElse(0)));
  }

  private static Optional<Matcher> range(RuntimeException failure) {
    return find(Patterns.RANGE, failure);
  }

  private static Optional<Matcher> find(Pattern pattern, RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      Matcher matcher = pattern.matcher(String.valueOf(cause.getMessage()));
      if (matcher.find()) {
        return Optional.of(matcher);
      }
    }
    return Optional.empty();
  }
}
