package dev.pilotlight.domain.limits;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How many there were of each [Counter].
@SuppressWarnings("EnumOrdinal") // of arrays that live as long as the process
public final class Counts {
  /// Nothing.
  public static final Counts NONE = new Counts(new long[Counter.values().length]);

  private final long[] values;

  private Counts(long[] values) {
    this.values = values;
  }

  /// The same counts, with another value of one.
  public Counts with(Counter counter, long value) {
    long[] all = values.clone();
    all[counter.ordinal()] = value;
    return new Counts(all);
  }

  /// The sum of both.
  public Counts plus(Counts other) {
    long[] all = values.clone();
    for (int i = 0; i < all.length; i++) {
      all[i] += other.values[i];
    }
    return new Counts(all);
  }

  /// The same counts with the other sign.
  public Counts negated() {
    long[] all = values.clone();
    for (int i = 0; i < all.length; i++) {
      all[i] = -all[i];
    }
    return new Counts(all);
  }

  public long get(Counter counter) {
    return values[counter.ordinal()];
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Counts that && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
