package dev.pilotlight.batch;

import dev.pilotlight.batch.claim.Bill;
import dev.pilotlight.batch.claim.Lease;
import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.lines.ModelTimes;
import dev.pilotlight.batch.lines.OutputLine;
import dev.pilotlight.batch.output.Billing;
import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.domain.limits.Counter;
import dev.pilotlight.domain.limits.Counts;
import dev.pilotlight.domain.limits.UsageRow;
import dev.pilotlight.limits.BatchAccount;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Counts a batch's lines and cost for its tenant. A line counts as a request. Thread-safe.
///
/// The cost of a checkpoint is the difference between the estimate of the whole batch and what is
/// billed, so that the sum is the summary's estimate. The models share it by the time of their
/// windows.
final class BatchBilling implements Billing {
  /// A transaction of DynamoDB has at most 100 writes.
  private static final int ROWS_MAX = 40;

  private final Lease lease;
  private final String owner;
  private final BatchAccount account;
  private final BatchCost cost;
  private final ModelTimes times;
  private final Map<String, Counts> lines = new TreeMap<>(); // since the last bill, by model

  /// @param owner of the batch's results
  BatchBilling(Lease lease, String owner, BatchAccount account, BatchCost cost, ModelTimes times) {
    this.lease = lease;
    this.owner = owner;
    this.account = account;
    this.cost = cost;
    this.times = times;
  }

  @Override
  public synchronized void line(OutputLine line) {
    Counts counts =
        Counts.NONE.with(Counter.REQUESTS, 1).with(Counter.ITEMS, line.answers().size());
    long tokens = 0;
    for (Answer answer : line.answers()) {
      tokens += answer.result().tokens();
      Counter tier = counter(answer.tier());
      counts = counts.with(tier, counts.get(tier) + 1);
    }
    String model = line.model().map(ModelInfo::name).orElse(UsageRow.NO_MODEL);
    lines.merge(model, counts.with(Counter.TOKENS, tokens), Counts::plus);
  }

  private static Counter counter(Tier tier) {
    return switch (tier) {
      case MEMORY -> Counter.HITS_MEMORY;
      case REDIS -> Counter.HITS_REDIS;
      case DYNAMODB -> Counter.HITS_STORE;
      case RUN -> Counter.COMPUTED;
    };
  }

  @Override
  public synchronized boolean isFull() {
    return lines.size() >= ROWS_MAX;
  }

  /// Sums up the lines since the last bill, and their cost.
  synchronized Counts unwritten() {
    long nanoUsd = nanoUsd(lease.progress()) - lease.billed().nanoUsd();
    Counts sum = Counts.NONE.with(Counter.USD_NANO, Math.max(0, nanoUsd));
    for (Counts counts : lines.values()) {
      sum = sum.plus(counts);
    }
    return sum;
  }

  @Override
  public synchronized Bill next(Progress progress) {
    Map<String, Counts> all = new TreeMap<>(lines);
    share(nanoUsd(progress) - lease.billed().nanoUsd(), all);
    List<UsageRow> rows = new ArrayList<>();
    all.forEach(
        (model, counts) -> {
          if (!counts.equals(Counts.NONE)) {
            rows.add(account.row(model, counts));
          }
        });
    return bill(rows);
  }

  private long nanoUsd(Progress progress) {
    return BatchCost.nanoUsd(cost.usd(lease, progress, owner));
  }

  private Bill bill(List<UsageRow> rows) {
    return new Bill(rows, lease.billed().plus(rows), account.additions(rows));
  }

  private void share(long nanoUsd, Map<String, Counts> rows) {
    Map<String, Long> weights = times.nanos();
    if (weights.isEmpty() || weights.size() > ROWS_MAX) {
      addCost(UsageRow.NO_MODEL, nanoUsd, rows);
      return;
    }
    double whole = weights.values().stream().mapToLong(Long::longValue).sum();
    long left = nanoUsd;
    for (Iterator<Map.Entry<String, Long>> all = weights.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<String, Long> model = all.next();
      long share = all.hasNext() ? Math.round(nanoUsd * (model.getValue() / whole)) : left;
      addCost(model.getKey(), share, rows);
      left -= share;
    }
  }

  private static void addCost(String model, long nanoUsd, Map<String, Counts> rows) {
    rows.merge(model, Counts.NONE.with(Counter.USD_NANO, nanoUsd), Counts::plus);
  }

  /// Takes back all but the cost of lines that are answered again, because the batch restarts.
  ///
  /// @return a bill of at most so many rows as fit; without rows if nothing is left
  Bill takeBack() {
    List<UsageRow> rows = new ArrayList<>();
    lease
        .billed()
        .rows()
        .forEach(
            (place, counts) -> {
              Counts items = counts.with(Counter.USD_NANO, 0);
              if (!items.equals(Counts.NONE) && rows.size() < ROWS_MAX) {
                rows.add(account.rowAt(place, items.negated()));
              }
            });
    return bill(rows);
  }

  @Override
  public void settle(Bill bill) {
    synchronized (this) {
      lines.clear();
    }
    account.settle(bill.rows());
  }
}
