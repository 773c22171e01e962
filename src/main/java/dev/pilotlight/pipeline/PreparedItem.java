package dev.pilotlight.pipeline;

import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.model.Prepared;

/// An item that is to be run, checked and tokenised.
record PreparedItem(Work.Missing missing, Prepared prepared) {
  boolean truncated() {
    return prepared.truncated();
  }

  ResultKey key() {
    return missing.key();
  }
}
