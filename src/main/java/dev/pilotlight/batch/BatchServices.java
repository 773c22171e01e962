package dev.pilotlight.batch;

import dev.pilotlight.batch.claim.Cancellation;
import dev.pilotlight.batch.claim.Turns;
import dev.pilotlight.batch.openai.ApiBatchService;
import dev.pilotlight.batch.s3.BatchSettings;
import dev.pilotlight.batch.s3.BatchStore;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.pipeline.InferencePipeline;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.support.Cost;
import dev.pilotlight.support.Log;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/// The parts of the function that batches use.
///
/// @param s3 makes the client at the first call, because that takes time
/// @param useModels limits how long the calls and models of a batch wait for a model to load on the
///   calling thread, until it is closed
/// @param turns limits how many batches of a tenant run at once; null if no API keys name tenants
/// @param cancellation requests to end batches
/// @param apiBatches finds the batches of OpenAI's API
/// @param itemsMax the most texts a line may hold
/// @param packing where results are kept with [BatchStore#PACKED]; else null
/// @param cost with the price of the function's time
/// @param release Pilotlight's version
/// @param logPlace names of this environment's log group and stream
public record BatchServices(
    Supplier<S3Client> s3,
    Function<Deadline, ModelRepository.Use> useModels,
    InferencePipeline pipeline,
    BatchTenant.Finder tenants,
    @Nullable Turns turns,
    Cancellation cancellation,
    ApiBatchService apiBatches,
    int itemsMax,
    BatchSettings settings,
    @Nullable Packing packing,
    Cost cost,
    String release,
    Map<String, String> logPlace,
    Log log) {
  /// Where packed results are kept.
  ///
  /// @param bucket that for large results
  /// @param timeToLive of results whose model has none
  public record Packing(String bucket, Duration timeToLive) {
    /// Null unless batches pack their results.
    public static @Nullable Packing of(BatchStore batches, StoreSettings store) {
      return batches == BatchStore.PACKED
          ? new Packing(store.largeBucket().orElseThrow(), store.timeToLive())
          : null;
    }
  }

  public BatchServices {
    logPlace = Map.copyOf(logPlace);
  }

  /// Whether the state machine answers an object. It does not answer batches of OpenAI's API, whose
  /// output differs and which that API limits.
  ///
  /// @param version with its size
  public boolean isAnsweredInShards(ObjectVersion version) {
    return settings.fanOut().isAboveLimit(version) && !ApiBatchService.mayBeCopy(version.key());
  }
}
