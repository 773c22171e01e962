package dev.pilotlight.handler;

import dev.pilotlight.batch.openai.ApiBatchSettings;
import dev.pilotlight.batch.s3.BatchSettings;
import dev.pilotlight.batch.s3.BatchStore;
import dev.pilotlight.cache.CacheSettings;
import dev.pilotlight.files.FileSettings;
import dev.pilotlight.handler.EnvironmentStart.Kind;
import dev.pilotlight.handler.serve.ServeSettings;
import dev.pilotlight.limits.LimitSettings;
import dev.pilotlight.model.files.ModelSettings;
import dev.pilotlight.pipeline.PipelineSettings;
import dev.pilotlight.protocol.http.ProtocolSettings;
import dev.pilotlight.store.ResultStore.Policy;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.support.Cost;
import dev.pilotlight.support.Prices;
import dev.pilotlight.support.Settings;
import dev.pilotlight.tenant.TenantSettings;
import java.util.Map;

/// All settings, read once.
record AppSettings(
    ModelSettings model,
    StoreSettings store,
    CacheSettings cache,
    PipelineSettings pipeline,
    ApiSettings api,
    ProtocolSettings protocol,
    TenantSettings tenant,
    LimitSettings limits,
    BatchSettings batch,
    FileSettings files,
    ApiBatchSettings apiBatches) {

  /// @throws IllegalArgumentException naming the setting that is unknown or out of range
  static AppSettings from(Settings settings) {
    FileSettings files = FileSettings.from(settings);
    AppSettings all =
        new AppSettings(
            ModelSettings.from(settings),
            StoreSettings.from(settings),
            CacheSettings.from(settings),
            PipelineSettings.from(settings),
            ApiSettings.from(settings),
            ProtocolSettings.from(settings),
            TenantSettings.from(settings),
            LimitSettings.from(settings),
            BatchSettings.from(settings),
            files,
            ApiBatchSettings.from(settings, files));
    if (ServeSettings.isHttp(settings)) {
      var _ = ServeSettings.from(settings);
      ServeSettings.requirePossible(all.tenant, all.api.traces() == ApiSettings.Tracing.ON);
    }
    settings.refuseUnknown();
    if (all.tenant.keys() == null) {
      all.limits.requireOff();
    }
    if (all.batch.store() == BatchStore.PACKED && all.store.largeBucket().isEmpty()) {
      throw new IllegalArgumentException(
          "PILOTLIGHT_BATCH_STORE is 'packed', which needs PILOTLIGHT_LARGE_BUCKET, and that is not"
              + " set; accepted without a bucket: table, off, none");
    }
    return all;
  }

  /// The prices of this environment's work.
  static Cost cost(Map<String, String> environment, Kind kind) {
    return new Cost(
        Prices.KNOWN,
        Prices.Processor.of(System.getProperty("os.arch", "")),
        kind == Kind.PROVISIONED,
        Integer.parseInt(environment.getOrDefault("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "0")));
  }

  /// The CloudWatch log of this environment.
  static Map<String, String> logPlace(Map<String, String> environment) {
    return Map.of(
        "log_group", environment.getOrDefault("AWS_LAMBDA_LOG_GROUP_NAME", ""),
        "log_stream", environment.getOrDefault("AWS_LAMBDA_LOG_STREAM_NAME", ""));
  }

  /// Whether any tier keeps results.
  boolean caches() {
    return cache.memoryBytesMax() > 0 || cache.redis().isPresent() || store.policy() != Policy.OFF;
  }
}
