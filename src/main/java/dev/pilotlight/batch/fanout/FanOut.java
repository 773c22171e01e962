package dev.pilotlight.batch.fanout;

import dev.pilotlight.batch.BatchServices;
import dev.pilotlight.batch.Batches;
import dev.pilotlight.batch.claim.Jobs;

/// Answers large objects by steps that a state machine calls: [FanOutStep.Plan] cuts an object into
/// shards, [FanOutStep.Answer] answers one of them, and [FanOutStep.Publish] joins their output,
/// which equals that of the one chain of invocations that answers a smaller object. Thread-safe.
///
/// Every step may come again, also while an earlier invocation of it still runs. A failure is
/// thrown; the state machine retries those that may pass.
public final class FanOut {
  private final Jobs jobs;
  private final BatchServices services;

  public FanOut(Jobs jobs, BatchServices services) {
    this.jobs = jobs;
    this.services = services;
  }

  /// Works on a step until it is done or the time is up.
  ///
  /// @throws dev.pilotlight.batch.s3.BatchException if it must be tried again, or no attempt can
  ///   succeed
  public Outcome answer(FanOutStep step, Batches.Invocation invocation) {
    Attempt attempt = Attempt.of(jobs, services, invocation);
    Outcome outcome =
        switch (step) {
          case FanOutStep.Plan plan -> new PlanStep(attempt, plan).run();
          case FanOutStep.Answer answer -> new AnswerStep(attempt, answer).run();
          case FanOutStep.Publish publish -> new PublishStep(attempt, publish).run();
          case FanOutStep.Fail fail -> new FailStep(attempt, fail).run();
        };
    services
        .log()
        .info("step", "about", step.getClass().getSimpleName(), "because", outcome.wireName());
    return outcome;
  }
}
