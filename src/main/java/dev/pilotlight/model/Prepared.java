package dev.pilotlight.model;

import dev.pilotlight.domain.Item;
import dev.pilotlight.image.ImageHeader;
import dev.pilotlight.model.head.Head;
import dev.pilotlight.model.text.TokenIds;

/// An item that a model has checked and, if it has texts, tokenised: ready to be run by that model.
public sealed interface Prepared {
  /// The tokens to run; 0 for tensors.
  int tokens();

  /// Whether the text was over the model's token limit, so that only its beginning or end is run.
  boolean truncated();

  /// A text, or two as a pair, as token ids, within the model's limit.
  ///
  /// @param promptTokens how many leading tokens are the model's prompt and take no part in pooling
  /// @param sentIds whether the caller sent the ids, so that a wrong one is the caller's mistake
  record Text(TokenIds ids, int promptTokens, boolean sentIds) implements Prepared {
    @Override
    public int tokens() {
      return ids.count();
    }

    @Override
    public boolean truncated() {
      return ids.truncated();
    }
  }

  /// A text or token ids whose result is wanted in another form than the model's usual one.
  ///
  /// @param head makes that form
  record InForm(Text text, Head head) implements Prepared {
    @Override
    public int tokens() {
      return text.tokens();
    }

    @Override
    public boolean truncated() {
      return text.truncated();
    }
  }

  /// An image whose header was checked.
  record Image(Item.Image item, ImageHeader header) implements Prepared {
    @Override
    public int tokens() {
      return 0;
    }

    @Override
    public boolean truncated() {
      return false;
    }
  }

  /// Tensors that fit what the graph declares.
  record Tensors(Item.Tensors item) implements Prepared {
    @Override
    public int tokens() {
      return 0;
    }

    @Override
    public boolean truncated() {
      return false;
    }
  }
}
