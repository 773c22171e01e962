package dev.pilotlight.batch.output;

import dev.pilotlight.batch.claim.Bill;
import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.lines.OutputLine;

/// Counts what lines use, for the counters of the batch's tenant. One thread at a time calls it.
public interface Billing {
  /// Counts nothing.
  Billing NONE =
      new Billing() {
        @Override
        public void line(OutputLine line) {}

        @Override
        public boolean isFull() {
          return false;
        }

        @Override
        public Bill next(Progress progress) {
          return Bill.NONE;
        }

        @Override
        public void settle(Bill bill) {}
      };

  /// Counts an answered line.
  void line(OutputLine line);

  /// Whether a checkpoint must be written before further lines: one holds a limited number of rows.
  boolean isFull();

  /// The bill of a checkpoint: the lines since the last one, and the cost since then.
  ///
  /// @param progress of the checkpoint
  Bill next(Progress progress);

  /// Notes that a checkpoint was written with its bill.
  void settle(Bill bill);
}
