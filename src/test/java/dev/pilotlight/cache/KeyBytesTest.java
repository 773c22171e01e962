package dev.pilotlight.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.task.ResultForm;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.support.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The bytes that a key digests. Stored results are found by keys, so that no release may change
/// them without another version of the format.
class KeyBytesTest {
  private static final List<Item> ITEMS =
      List.of(
          new Item.Text("hello", false),
          new Item.Text("", true),
          new Item.Text("hello", false, "query: "),
          new Item.Text("hello", true, ""),
          new Item.Text("\uD800 é \uD83D\uDE00".repeat(300), false),
          new Item.Pair("hello", "", false),
          new Item.Pair("\uD800 é".repeat(300), "wörld", true),
          new Item.Tokens(IntStream.range(-3, 400).toArray(), true),
          new Item.InForm(new Item.Text("hello", true), new ResultForm.TokenVectors()),
          new Item.InForm(new Item.Text("hello", true), new ResultForm.Sparse()),
          new Item.InForm(new Item.Tokens(new int[] {7}, false), new ResultForm.Sparse()),
          new Item.InForm(
              new Item.Text("hello", false, "query: "), new ResultForm.FillMask(5, List.of())),
          new Item.InForm(
              new Item.Text("hello", false), new ResultForm.FillMask(2, List.of(9, 7, 9))),
          new Item.Image(new byte[] {1, 2, 3}),
          new Item.Image("\uD83D\uDE00".repeat(500).getBytes(StandardCharsets.UTF_8)),
          new Item.Tensors(
              List.of(Tensor.ofFloats("x", new long[] {1, 2}, new float[] {1, -0f})),
              List.of("y", "z")));

  @Test
  void digestIsOfEveryPartWithItsLength() throws IOException {
    for (String tenant : List.of("t", "stack:" + "long ".repeat(200))) {
      ResultKeys.Prefix prefix = ResultKeys.prefix(tenant, Keys.MODEL);
      for (Item item : ITEMS) {
        ResultKey expected = expected(tenant, Keys.MODEL, item);
        assertThat(ResultKeys.of(tenant, Keys.MODEL, item)).isEqualTo(expected);
        assertThat(prefix.key(item)).isEqualTo(expected);
        assertThat(prefix.key(item)).as("again").isEqualTo(expected);
      }
    }
  }

  @Test
  void prefixIsOfOneTenantAndModel() {
    ResultKeys.Prefix prefix = ResultKeys.prefix("t", Keys.MODEL);
    assertThat(prefix.isOf("t", Keys.MODEL)).isTrue();
    assertThat(prefix.isOf("u", Keys.MODEL)).isFalse();
    assertThat(prefix.isOf("t", Keys.MODEL.named("other"))).isFalse();
  }

  @Test
  void threadsShareAPrefix() throws Exception {
    ResultKeys.Prefix prefix = ResultKeys.prefix("t", Keys.MODEL);
    List<ResultKey> expected = keys(prefix);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<List<ResultKey>>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(threads.submit(() -> keys(prefix)));
      }
      for (Future<List<ResultKey>> one : all) {
        assertThat(one.get()).isEqualTo(expected);
      }
    }
  }

  private static List<ResultKey> keys(ResultKeys.Prefix prefix) {
    return IntStream.range(0, 5_000)
        .mapToObj(i -> prefix.key(new Item.Text("text " + i, false)))
        .toList();
  }

  private static ResultKey expected(String tenant, ModelInfo model, Item item) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(2);
    text(out, tenant);
    text(out, model.name());
    text(out, model.version());
    text(out, model.digest());
    text(out, model.runtime());
    text(out, model.plan());
    item(out, item);
    byte[] digest = Sha256.of(bytes.toByteArray());
    return new ResultKey(Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
  }

  private static void item(DataOutputStream out, Item item) throws IOException {
    switch (item) {
      case Item.Text(String text, boolean truncate, @Nullable String prompt) -> {
        out.writeLong(prompt == null ? 1 : 5);
        out.writeLong(truncate ? 1 : 0);
        if (prompt != null) {
          text(out, prompt);
        }
        text(out, text);
      }
      case Item.Pair(String first, String second, boolean truncate) -> {
        out.writeLong(4);
        out.writeLong(truncate ? 1 : 0);
        text(out, first);
        text(out, second);
      }
      case Item.Tokens(int[] ids, boolean truncate) -> {
        out.writeLong(2);
        out.writeLong(truncate ? 1 : 0);
        out.writeLong(ids.length);
        for (int id : ids) {
          out.writeInt(id);
        }
      }
      case Item.Image(byte[] image) -> {
        out.writeLong(6);
        out.writeLong(image.length);
        out.write(image);
      }
      case Item.Tensors(List<Tensor> inputs, List<String> outputs) -> {
        out.writeLong(3);
        out.writeLong(inputs.size());
        for (Tensor input : inputs) {
          text(out, input.name());
          text(out, input.datatype().name());
          out.writeLong(input.shape().length);
          for (long size : input.shape()) {
            out.writeLong(size);
          }
          out.writeLong(input.data().length);
          out.write(input.data());
        }
        out.writeLong(outputs.size());
        for (String output : outputs) {
          text(out, output);
        }
      }
      case Item.InForm(Item own, ResultForm form) -> {
        out.writeLong(8);
        form(out, form);
        item(out, own);
      }
    }
  }

  private static void form(DataOutputStream out, ResultForm form) throws IOException {
    switch (form) {
      case ResultForm.TokenVectors() -> out.writeLong(1);
      case ResultForm.Sparse() -> out.writeLong(2);
      case ResultForm.FillMask(int top, List<Integer> targets) -> {
        out.writeLong(3);
        out.writeLong(top);
        out.writeLong(targets.size());
        for (int target : targets) {
          out.writeLong(target);
        }
      }
    }
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    out.writeLong(text.length());
    out.writeChars(text);
  }
}
