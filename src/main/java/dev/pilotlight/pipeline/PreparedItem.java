package dev.pilotlight.pipeline;

import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.model.Prepared;

/// An item that is checked and tokenised, and can be run.
record PreparedItem(ResultKey key, Prepared prepared) {
  boolean truncated() {
    return prepared.truncated();
  }
}
