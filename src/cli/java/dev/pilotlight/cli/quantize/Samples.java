package dev.pilotlight.cli.quantize;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Result;
import dev.pilotlight.model.Model;
import java.util.ArrayList;
import java.util.List;

/// The items on which two models are compared; those over the token limit are truncated.
///
/// @param pairs whether each has two texts
record Samples(List<Item> items, boolean pairs) {
  Samples {
    items = List.copyOf(items);
  }

  /// Pairs for a model that ranks them, else the texts.
  ///
  /// A pair is a text and the next one; the last text goes with the first. A model that ranks, but
  /// takes no pairs because it puts a prompt before a text, gets the texts.
  ///
  /// @param texts at least one
  static Samples of(Model model, List<String> texts) {
    List<Item> pairs = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      pairs.add(new Item.Pair(texts.get(i), texts.get((i + 1) % texts.size()), true));
    }
    return model.info().ranks() && takes(model, pairs.getFirst())
        ? new Samples(pairs, true)
        : new Samples(texts.stream().map(Samples::text).toList(), false);
  }

  private static Item text(String text) {
    return new Item.Text(text, true);
  }

  private static boolean takes(Model model, Item pair) {
    try {
      var _ = model.prepare(pair);
      return true;
    } catch (Refusal e) {
      return false;
    }
  }

  /// @throws Refusal if the model refuses an item, or fails
  List<Result> answers(Model model) {
    return items.stream().map(model::run).toList();
  }

  /// Returns the items' kind in the plural.
  String label() {
    return pairs ? "pairs" : "texts";
  }
}
