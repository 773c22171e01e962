package dev.pilotlight.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Collects the work of an invocation, which a test does when it wants to.
public class Later implements Afterwards {
  private final Deadline end;
  private final List<Runnable> work = new ArrayList<>();
  private boolean accepted = true;

  public Later() {
    this(Duration.ofSeconds(30));
  }

  /// @param remaining until Lambda ends the invocation
  public Later(Duration remaining) {
    end = Deadline.in(remaining);
  }

  @Override
  public void add(Runnable added) {
    work.add(added);
  }

  /// Lets Lambda refuse the response.
  public void refuse() {
    accepted = false;
  }

  @Override
  public boolean isAccepted() {
    return accepted;
  }

  @Override
  public Deadline end() {
    return end;
  }

  /// Does the work once.
  public void run() {
    List<Runnable> due = List.copyOf(work);
    work.clear();
    due.forEach(Runnable::run);
  }
}
