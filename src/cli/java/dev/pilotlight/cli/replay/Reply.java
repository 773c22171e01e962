package dev.pilotlight.cli.replay;

/// A server's answer, or the reason why there is none.
///
/// @param status HTTP's; 0 if there is none
/// @param failure empty if there is a status, else such as `timeout`
/// @param cacheStatus the header `Cache-Status`; empty if absent
/// @param costUsd the header `pilotlight-cost-usd`; negative if absent
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Reply(
    int status, String failure, String cacheStatus, double costUsd, boolean json, byte[] body) {
  /// The failure of a request that was not answered in time.
  public static final String TIMEOUT = "timeout";

  private static final int OK = 200;
  private static final int REDIRECTION = 300;

  /// No answer.
  public static Reply failed(String failure) {
    return new Reply(0, failure, "", -1, false, new byte[0]);
  }

  /// Whether the status is 2xx.
  public boolean succeeded() {
    return status >= OK && status < REDIRECTION;
  }

  /// The row of the report that counts it.
  String kind() {
    return status == 0 ? failure : Integer.toString(status);
  }
}
