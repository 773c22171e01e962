package dev.pilotlight.batch;

import dev.pilotlight.batch.s3.BatchSettings;
import dev.pilotlight.call.Calls;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.pipeline.InferencePipeline;
import dev.pilotlight.support.Cost;
import dev.pilotlight.support.Log;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.s3.S3Client;

/// What every batch is worked on with.
///
/// @param s3 asked for with the first call, since it takes its time to be made
/// @param calls those of a batch
/// @param models gives the model of a name, or the default; throws a
///   [dev.pilotlight.domain.Refusal]
/// @param useModels limits, on the calling thread, how long `calls` and `models` wait for a model
///   to load; until it is closed
/// @param tenants gives the tenant of an object's key; throws a [dev.pilotlight.domain.Refusal]
///   FORBIDDEN if the key names none
/// @param itemsMax the most texts a line may hold
/// @param cost estimates with the price of the function's time
/// @param release Pilotlight's own version
/// @param logPlace where this environment's log is: the names of log group and stream
public record BatchServices(
    Supplier<S3Client> s3,
    Calls calls,
    Function<Optional<String>, Model> models,
    Function<Deadline, ModelRepository.Use> useModels,
    InferencePipeline pipeline,
    UnaryOperator<String> tenants,
    int itemsMax,
    BatchSettings settings,
    Cost cost,
    String release,
    Map<String, String> logPlace,
    Log log) {
  public BatchServices {
    logPlace = Map.copyOf(logPlace);
  }
}
