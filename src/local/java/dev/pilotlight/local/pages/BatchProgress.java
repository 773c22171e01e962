package dev.pilotlight.local.pages;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The last report of each batch, as the batch function logs them. Thread-safe.
public final class BatchProgress {
  /// Batches that are remembered.
  private static final int BATCHES_MAX = 256;

  /// How far a batch is.
  ///
  /// @param percent of the object that has been read
  /// @param figures a readable line
  record Report(int percent, String figures) {}

  private final Map<String, Report> reports = new LinkedHashMap<>();

  /// Takes a report.
  ///
  /// @param batch such as `s3://pilotlight-in/reviews.jsonl`
  public synchronized void add(String batch, int percent, String figures) {
    if (!reports.containsKey(batch) && reports.size() == BATCHES_MAX) {
      reports.remove(reports.keySet().iterator().next());
    }
    reports.put(batch, new Report(percent, figures));
  }

  /// Null if there is none.
  synchronized @Nullable Report of(String batch) {
    return reports.get(batch);
  }
}
