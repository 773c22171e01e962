package dev.pilotlight.domain;

import dev.pilotlight.domain.task.ResultForm;
import dev.pilotlight.domain.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The unit of work: each item is looked up, run and stored independently of the others in a
/// request.
public sealed interface Item {
  /// The field in a refusal by a class that does not have the item's place in the request.
  String FIELD = "input";

  /// Whether an item over the model's token limit is truncated instead of refused.
  boolean truncate();

  /// Returns the same item with another choice for texts over the limit.
  Item withTruncate(boolean truncates);

  /// A text for a model with a tokenizer.
  ///
  /// @param prompt goes before the text in place of the model's default prompt; null if the request
  ///   chooses none, so that the default holds
  record Text(String text, boolean truncate, @Nullable String prompt) implements Item {
    /// A text whose request chooses no prompt.
    public Text(String text, boolean truncate) {
      this(text, truncate, null);
    }

    @Override
    public Text withTruncate(boolean truncates) {
      return truncates == truncate ? this : new Text(text, truncates, prompt);
    }

    /// Returns the same text with another prompt.
    ///
    /// @param chosen as [ModelPolicy.Prompts] returns it; empty for the model's default
    public Text withPrompt(Optional<String> chosen) {
      return new Text(text, truncate, chosen.orElse(null));
    }

    /// Does not show the text, which is the caller's.
    @Override
    public String toString() {
      return "Text[" + text.length() + " characters]";
    }
  }

  /// Two texts for one run of a model that compares them: a query and a document for a
  /// cross-encoder, a premise and a hypothesis for a classifier.
  ///
  /// @param truncate whether the longer of the two texts loses tokens until both fit
  record Pair(String first, String second, boolean truncate) implements Item {
    @Override
    public Pair withTruncate(boolean truncates) {
      return truncates == truncate ? this : new Pair(first, second, truncates);
    }

    /// Does not show the texts, which are the caller's.
    @Override
    public String toString() {
      return "Pair[" + first.length() + " and " + second.length() + " characters]";
    }
  }

  /// A text that the caller has tokenised, including special tokens.
  record Tokens(int[] ids, boolean truncate) implements Item {
    @Override
    public Tokens withTruncate(boolean truncates) {
      return truncates == truncate ? this : new Tokens(ids, truncates);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Tokens that
          && Arrays.equals(ids, that.ids)
          && truncate == that.truncate;
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
      return "Tokens[" + ids.length + "]";
    }
  }

  /// A text or token ids whose result a request wants in another form than the model's usual one.
  ///
  /// @param item a text or token ids
  record InForm(Item item, ResultForm form) implements Item {
    /// The items in a form, in their order.
    public static List<Item> all(List<Item> items, ResultForm form) {
      return items.stream().<Item>map(item -> new InForm(item, form)).toList();
    }

    @Override
    public boolean truncate() {
      return item.truncate();
    }

    @Override
    public InForm withTruncate(boolean truncates) {
      return truncates == truncate() ? this : new InForm(item.withTruncate(truncates), form);
    }
  }

  /// An image, as the file that the caller sent: JPEG or PNG. Two are equal if their bytes are.
  record Image(byte[] bytes) implements Item {
    /// An image has no token limit.
    @Override
    public boolean truncate() {
      return false;
    }

    @Override
    public Image withTruncate(boolean truncates) {
      return this;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Image that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Image[" + bytes.length + " bytes]";
    }
  }

  /// Inputs of the graph and the names of the requested outputs, both in graph order.
  record Tensors(List<Tensor> inputs, List<String> outputs) implements Item {
    public Tensors {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
    }

    /// Tensors have no token limit.
    @Override
    public boolean truncate() {
      return false;
    }

    @Override
    public Tensors withTruncate(boolean truncates) {
      return this;
    }
  }
}
