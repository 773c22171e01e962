package dev.pilotlight.batch.output;

import dev.pilotlight.batch.lines.OutputLine;

/// Keeps the results of lines outside the table. For one thread at a time.
public interface Packs {
  /// Keeps nothing.
  Packs NONE =
      new Packs() {
        @Override
        public void line(OutputLine line) {}

        @Override
        public boolean isFull() {
          return false;
        }

        @Override
        public void save() {}

        @Override
        public void settle() {}

        @Override
        public void abandon() {}
      };

  /// Takes the results of an answered line.
  void line(OutputLine line);

  /// Whether a checkpoint must be written before further lines.
  boolean isFull();

  /// Sends all results to S3. Called before each checkpoint, so that the ids of its lines lead to
  /// results.
  void save();

  /// Notes that the checkpoint was written.
  void settle();

  /// Deletes what no checkpoint has.
  void abandon();
}
