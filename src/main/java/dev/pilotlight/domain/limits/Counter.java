package dev.pilotlight.domain.limits;

import java.util.Locale;

/// A counter of a tenant's requests.
public enum Counter {
  /// Requests with a valid key, answered or refused.
  REQUESTS,
  /// Items of the requests that were answered.
  ITEMS,
  /// Tokens of these items, whether they were run or not.
  TOKENS,
  /// Items that memory answered, among these.
  HITS_MEMORY,
  /// Items that Redis answered, among these.
  HITS_REDIS,
  /// Items that DynamoDB answered, among these.
  HITS_STORE,
  /// Items that were run, among these.
  COMPUTED,
  /// The estimated cost of all requests in billionths of a USD.
  USD_NANO;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /// The name in the table and in the log.
  public String wireName() {
    return wireName;
  }
}
