package dev.pilotlight.pipeline;

import dev.pilotlight.support.Settings;
import java.time.Duration;

/// The settings of the pipeline.
///
/// @param lanes how many items run at the same time
/// @param storeReserve the time at a request's end that is reserved for storing finished items
public record PipelineSettings(int lanes, Duration storeReserve) {

  public static PipelineSettings from(Settings settings) {
    long lanes =
        settings
            .of("LANES", "items that run at the same time, one thread each; 0: one per vCPU")
            .number(0, 0, 64);
    return new PipelineSettings(
        lanes == 0 ? Runtime.getRuntime().availableProcessors() : (int) lanes,
        settings
            .of("STORE_RESERVE_MS", "time reserved at a request's end to store the finished items")
            .millis(1500, 0, 60_000));
  }
}
