package dev.pilotlight.handler.demand;

import static dev.pilotlight.protocol.http.HttpResponse.CLIENT_ERROR;
import static dev.pilotlight.protocol.http.HttpResponse.SERVER_ERROR;

import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.store.StoreException;
import java.time.Duration;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Answers requests for files and batches, which call DynamoDB and S3.
final class StorageCalls {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private StorageCalls() {}

  /// Turns failures of DynamoDB and S3 into refusals. Does not log them: the handler logs a refusal
  /// with its cause.
  ///
  /// @throws Refusal UNAVAILABLE, with a time for a retry if one may help
  static HttpResponse answer(Supplier<HttpResponse> call) {
    try {
      return call.get();
    } catch (StoreException | BatchException.Unavailable e) {
      throw Refusal.unavailable("the table could not be read or written; try again", RETRY, e);
    } catch (S3Exception e) {
      boolean refused = e.statusCode() >= CLIENT_ERROR && e.statusCode() < SERVER_ERROR;
      throw refused
          ? Refusal.broken("a bucket refuses this function", e)
          : Refusal.unavailable("a bucket failed; try again", RETRY, e);
    } catch (SdkException e) {
      throw Refusal.unavailable("a bucket was not reached; try again", RETRY, e);
    } catch (BatchException e) {
      throw Refusal.broken("the table refuses this function", e);
    }
  }
}
