package dev.pilotlight.model;

import dev.pilotlight.domain.Item;

/// Tensors that fit what the graph declares.
record PreparedTensors(Item.Tensors item) implements Prepared {
  @Override
  public int tokens() {
    return 0;
  }

  @Override
  public boolean truncated() {
    return false;
  }
}
