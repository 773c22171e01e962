package dev.pilotlight.pipeline;

import dev.pilotlight.support.Settings;
import java.time.Duration;

/// How items are run side by side.
///
/// @param lanes how many items are run at the same time
/// @param storeReserve the part of a request's time that is kept for storing what was finished
public record PipelineSettings(int lanes, Duration storeReserve) {

  public static PipelineSettings from(Settings settings) {
    long lanes =
        settings.number(
            "LANES", 0, 0, 64, "items that run at the same time, one thread each; 0: one per vCPU");
    return new PipelineSettings(
        lanes == 0 ? Runtime.getRuntime().availableProcessors() : (int) lanes,
        settings.millis(
            "STORE_RESERVE_MS",
            1500,
            0,
            60_000,
            "time reserved at a request's end to store the finished items"));
  }
}
