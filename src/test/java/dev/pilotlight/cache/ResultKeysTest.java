package dev.pilotlight.cache;

import static dev.pilotlight.cache.Keys.MODEL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.ModelPolicy;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ResultKeysTest {
  private static final Item TEXT = new Item.Text("hello", false);

  @Test
  void equalItemsHaveEqualKeysInEveryRelease() {
    assertThat(ResultKeys.of("t", MODEL, TEXT))
        .isEqualTo(ResultKeys.of("t", MODEL, new Item.Text("hello", false)))
        .isEqualTo(new ResultKey("UOsq6Q4TwbaqAG0Mmjw6C-82IWWwNE0O7J8YqzhqiDs"));
  }

  /// Computed by another program.
  @Test
  void itemsOfEveryKindKeepTheirKeysInEveryRelease() {
    Tensor row = Tensor.ofFloats("x", new long[] {1, 4}, new float[] {1, 2, 3, 4});
    assertThat(
            Stream.of(
                    new Item.Text("hello".repeat(500), true),
                    new Item.Tokens(new int[] {101, 7592, 102}, true),
                    new Item.Tensors(List.of(row), List.of("y", "z")))
                .map(item -> ResultKeys.of("t", MODEL, item).id()))
        .containsExactly(
            "-o2hQw4xHqeeUA0lUfdL69SXYVQW2zAVLowjh4JzWMg",
            "tGe7rKY57Y8OFfZ5o_UOIkcA9T2wg_Ie0cY-dnNBdE4",
            "9dGFPOVXF7v7ugHwBhw1V-z41_yQSFcJVjzE0MbxLRM");
  }

  @Test
  void everyInputOfAnAnswerChangesTheKey() {
    List<ResultKey> keys = new ArrayList<>();
    keys.add(ResultKeys.of("t", MODEL, TEXT));
    keys.add(ResultKeys.of("u", MODEL, TEXT));
    keys.add(ResultKeys.of("t", model("n", "1", "abc", "r", ""), TEXT));
    keys.add(ResultKeys.of("t", model("m", "2", "abc", "r", ""), TEXT));
    keys.add(ResultKeys.of("t", model("m", "1", "abd", "r", ""), TEXT));
    keys.add(ResultKeys.of("t", model("m", "1", "abc", "s", ""), TEXT));
    keys.add(ResultKeys.of("t", model("m", "1", "abc", "r", "pooling=3:cls"), TEXT));
    keys.add(ResultKeys.of("t", model("m", "1", "abc", "r", "pooling=4:mean"), TEXT));
    keys.add(ResultKeys.of("t", MODEL, new Item.Text("hello", true)));
    keys.add(ResultKeys.of("t", MODEL, new Item.Text("hello", false, "")));
    keys.add(ResultKeys.of("t", MODEL, new Item.Text("hello", false, "query: ")));
    keys.add(ResultKeys.of("t", MODEL, new Item.Text("hello", true, "query: ")));
    keys.add(ResultKeys.of("t", MODEL, new Item.Text("query: hello", false)));
    keys.add(ResultKeys.of("t", MODEL, new Item.Text(": hello", false, "query")));
    keys.add(ResultKeys.of("t", MODEL, new Item.Text("Hello", false)));
    keys.add(ResultKeys.of("t", MODEL, new Item.Text("hello ", false)));
    assertThat(keys).doesNotHaveDuplicates();
  }

  @Test
  void partsCannotFlowIntoEachOther() {
    ModelInfo ab = model("ab", "1", "d", "r", "");
    ModelInfo a = model("a", "b1", "d", "r", "");
    assertThat(
            List.of(
                ResultKeys.of("x", ab, TEXT),
                ResultKeys.of("x", a, TEXT),
                ResultKeys.of("xa", model("b", "1", "d", "r", ""), TEXT),
                ResultKeys.of("", model("xab", "1", "d", "r", ""), TEXT)))
        .doesNotHaveDuplicates();
  }

  @Test
  void itemsOfDifferentKindsAndFormsNeverShareAKey() {
    Tensor row = Tensor.ofFloats("x", new long[] {1, 4}, new float[] {1, 2, 3, 4});
    Tensor square = Tensor.ofFloats("x", new long[] {2, 2}, new float[] {1, 2, 3, 4});
    Tensor ints = new Tensor("x", Datatype.INT32, new long[] {1, 4}, row.data());
    List<Item> items =
        List.of(
            new Item.Text("", false),
            new Item.Text("\0", false),
            new Item.Text("ab", false),
            new Item.Text("abc", false),
            new Item.Pair("ab", "c", false),
            new Item.Pair("a", "bc", false),
            new Item.Pair("abc", "", false),
            new Item.Pair("", "abc", false),
            new Item.Pair("c", "ab", false),
            new Item.Pair("ab", "c", true),
            new Item.Tokens(new int[0], false),
            new Item.Tokens(new int[] {0}, false),
            new Item.Tokens(new int[] {0, 0}, false),
            new Item.Tokens(new int[] {0}, true),
            new Item.Image(new byte[0]),
            new Item.Image(new byte[] {0}),
            new Item.Image(new byte[] {0, 0}),
            new Item.Tensors(List.of(row), List.of()),
            new Item.Tensors(List.of(row), List.of("y")),
            new Item.Tensors(List.of(row), List.of("y", "")),
            new Item.Tensors(List.of(square), List.of()),
            new Item.Tensors(List.of(ints), List.of()),
            new Item.Tensors(List.of(row.named("z")), List.of()),
            new Item.Tensors(List.of(row, row), List.of()));
    assertThat(items.stream().map(item -> ResultKeys.of("t", MODEL, item))).doesNotHaveDuplicates();
  }

  /// A text under the limit has one key, whether the request truncates or not; so has a pair.
  @Test
  void pairThatIsNotTruncatedHasOneKey() {
    Item pair = new Item.Pair("a", "b", true);

    assertThat(ResultKeys.of("t", MODEL, pair.withTruncate(false)))
        .isEqualTo(ResultKeys.of("t", MODEL, new Item.Pair("a", "b", false)));
    assertThat(pair.withTruncate(true)).isSameAs(pair);
  }

  @Test
  void unpairedSurrogatesAreNotConfusedWithEachOther() {
    assertThat(List.of(Keys.key("\uD800"), Keys.key("\uD801"), Keys.key("?"), Keys.key("\uFFFD")))
        .doesNotHaveDuplicates();
  }

  @Test
  void differentRandomTextsHaveDifferentKeys() {
    Random random = new Random(20261123);
    HashSet<String> texts = new HashSet<>();
    HashSet<ResultKey> keys = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(6); n > 0; n--) {
        text.append((char) random.nextInt(0x10000));
      }
      texts.add(text.toString());
      keys.add(Keys.key(text.toString()));
    }
    assertThat(keys).hasSameSizeAs(texts);
  }

  @Test
  void aKeyTakesMicroseconds() {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 20_000; i++) {
      long start = System.nanoTime();
      ResultKeys.of("tenant", MODEL, TEXT);
      best = Math.min(best, System.nanoTime() - start);
    }
    assertThat(best).isLessThan(50_000);
  }

  private static ModelInfo model(
      String name, String version, String digest, String runtime, String plan) {
    return new ModelInfo(
        name,
        version,
        Task.EMBEDDING,
        digest,
        runtime,
        256,
        384,
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        List.of(),
        List.of(),
        plan,
        ModelPolicy.DEFAULT);
  }
}
