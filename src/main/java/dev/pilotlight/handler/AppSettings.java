package dev.pilotlight.handler;

import dev.pilotlight.batch.s3.BatchSettings;
import dev.pilotlight.cache.CacheSettings;
import dev.pilotlight.model.files.ModelSettings;
import dev.pilotlight.pipeline.PipelineSettings;
import dev.pilotlight.protocol.http.ProtocolSettings;
import dev.pilotlight.store.ResultStore.Policy;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.support.Settings;
import dev.pilotlight.tenant.TenantSettings;

/// All settings, read once.
record AppSettings(
    ModelSettings model,
    StoreSettings store,
    CacheSettings cache,
    PipelineSettings pipeline,
    ApiSettings api,
    ProtocolSettings protocol,
    TenantSettings tenant,
    BatchSettings batch) {

  /// @throws IllegalArgumentException naming the setting that is unknown or out of range
  static AppSettings from(Settings settings) {
    AppSettings all =
        new AppSettings(
            ModelSettings.from(settings),
            StoreSettings.from(settings),
            CacheSettings.from(settings),
            PipelineSettings.from(settings),
            ApiSettings.from(settings),
            ProtocolSettings.from(settings),
            TenantSettings.from(settings),
            BatchSettings.from(settings));
    settings.refuseUnknown();
    return all;
  }

  /// Whether any tier keeps results.
  boolean caches() {
    return cache.memoryBytesMax() > 0 || cache.redis().isPresent() || store.policy() != Policy.OFF;
  }
}
