package dev.pilotlight.protocol.tei.inputs;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.text.TokenCoder;
import dev.pilotlight.protocol.door.PromptName;
import dev.pilotlight.protocol.door.TruncationSide;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Makes items of inputs, as text-embeddings-inference tokenises them: ids become text and ids
/// again, and a request chooses on which side a text over the limit is truncated.
///
/// @param truncates whether inputs over the model's limit are truncated
/// @param side where they lose tokens
/// @param prompt that the request names; only for a model that has prompts
public record InputItems(
    ModelInfo model,
    TokenCoder tokens,
    boolean truncates,
    TruncationSide side,
    Optional<PromptName> prompt) {
  public static final String SIDE = "truncation_direction";

  private static final int IDS_MAX = 100_000;

  /// The items of inputs, in their order.
  ///
  /// @throws Refusal INVALID, naming the input
  public List<Item> of(Inputs inputs) {
    List<Item> items = new ArrayList<>(inputs.all().size());
    for (int i = 0; i < inputs.all().size(); i++) {
      items.add(item(inputs.all().get(i), inputs.field(i)));
    }
    return prompt.isPresent() ? prompt.get().before(items, model) : items;
  }

  private Item item(Inputs.Input input, String field) {
    try {
      return switch (input) {
        case Inputs.Text(String text) -> text(text);
        case Inputs.Ids(int[] ids) -> ids(ids);
      };
    } catch (Refusal refusal) {
      throw refusal.field().equals(Optional.of(Item.FIELD)) ? refusal.at(field) : refusal;
    }
  }

  /// The model's files determine the side of a text; of ids the caller chooses all.
  private Item text(String text) {
    if (!truncates || side == TruncationSide.of(model)) {
      return new Item.Text(text, truncates);
    }
    if (hasPrompt()) {
      // tokens of the prompt may be left out of pooling, which ids do not show
      side.require(SIDE, model);
    }
    Optional<int[]> kept = tokens.truncated(text, side == TruncationSide.LEFT);
    return kept.isPresent() ? new Item.Tokens(kept.get(), false) : new Item.Text(text, truncates);
  }

  private Item ids(int[] ids) {
    if (ids.length > IDS_MAX) {
      throw Refusal.invalid(
          Item.FIELD,
          "the list has %d token ids; accepted: up to %d".formatted(ids.length, IDS_MAX));
    }
    if (hasPrompt()) {
      return text(requireText(tokens.decode(ids, true)));
    }
    int[] again = tokens.encode(requireText(tokens.decode(ids, false)));
    if (again.length == 0) {
      throw Refusal.invalid(Item.FIELD, "the text of the token ids has no tokens");
    }
    int most = model.maxTokens();
    if (again.length <= most) {
      return new Item.Tokens(again, false);
    }
    if (!truncates) {
      throw Refusal.invalid(
          Item.FIELD,
          "the text of the token ids has %d tokens; the model takes %d: send \"truncate\": true"
              .formatted(again.length, most));
    }
    int from = side == TruncationSide.LEFT ? again.length - most : 0;
    return new Item.Tokens(Arrays.copyOfRange(again, from, from + most), false);
  }

  private static String requireText(String text) {
    if (text.isEmpty()) {
      throw Refusal.invalid(Item.FIELD, "the token ids stand for a text without characters");
    }
    return text;
  }

  private boolean hasPrompt() {
    return prompt.isPresent() || !model.policy().prompts().defaultText().isEmpty();
  }
}
