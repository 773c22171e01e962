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

/// The parts of the function that batches use.
///
/// @param s3 makes the client at the first call, because that takes time
/// @param calls those of a batch
/// @param models gives the model of a name, or the default; throws a
///   [dev.pilotlight.domain.Refusal]
/// @param useModels limits how long `calls` and `models` wait for a model to load on the calling
///   thread, until it is closed
/// @param tenants gives the tenant of an object's key; throws a [dev.pilotlight.domain.Refusal]
///   FORBIDDEN if the key names none
/// @param itemsMax the most texts a line may hold
/// @param cost with the price of the function's time
/// @param release Pilotlight's version
/// @param logPlace names of this environment's log group and stream
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
