package dev.pilotlight.protocol.door;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.task.ResultForm.FillMask;
import java.util.List;

/// The size of the answers to texts with masks: each token of each mask has a sequence, which is
/// the whole text. Compressed they may fit a response that is large in memory.
public final class MaskSequences {
  /// The most bytes that the answers of a request may have, about.
  public static final long BYTES_MAX = 32L << 20;

  /// The bytes of a token's answer besides its sequence; quotes are escaped in an event.
  public static final int LEAST =
      "{_'score_':0.0,_'token_':0,_'token_str_':_'_',_'sequence_':_'_'},".length();

  private MaskSequences() {}

  /// Refuses a request before anything runs.
  ///
  /// @param field that a refusal names
  /// @param smaller what the request may do instead
  /// @throws Refusal TOO_LARGE
  public static void require(
      ModelInfo model, List<Item> items, FillMask form, String field, String smaller) {
    long bytes = 0;
    for (Item item : items) {
      bytes += bytes(model, item, form);
    }
    if (bytes > BYTES_MAX) {
      throw tooLarge(
          field,
          "with %d sequences for each mask the answers have about %d bytes"
              .formatted(form.count(), bytes),
          smaller);
    }
  }

  /// The refusal of answers over the limit.
  ///
  /// @param what has too many bytes
  public static Refusal tooLarge(String field, String what, String smaller) {
    return Refusal.tooLarge(
        field, "%s: %s; accepted: up to %d; %s".formatted(field, what, BYTES_MAX, smaller));
  }

  /// About how many bytes the answer to a text has.
  public static long bytes(ModelInfo model, Item item, FillMask form) {
    String text = item instanceof Item.Text given ? given.text() : "";
    long sequences = (long) form.count() * masks(model, text);
    return sequences * LEAST + Math.min(FillMask.BYTES_MAX, sequences * text.length());
  }

  /// At least one, because a text without a mask is refused, and no more than the model's tokens.
  private static int masks(ModelInfo model, String text) {
    String mask = model.fact(ModelInfo.MASK_FACT).orElse("");
    int masks = 0;
    if (!mask.isEmpty()) {
      for (int at = text.indexOf(mask); at >= 0; at = text.indexOf(mask, at + mask.length())) {
        masks++;
      }
    }
    return Math.max(1, Math.min(masks, model.maxTokens()));
  }
}
