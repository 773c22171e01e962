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
        settings
            .of("LANES", "items run at the same time, one thread each; 0: one a vCPU")
            .number(0, 0, 64);
    return new PipelineSettings(
        lanes == 0 ? Runtime.getRuntime().availableProcessors() : (int) lanes,
        settings
            .of(
                "STORE_RESERVE_MS",
                "time kept at a request's end for storing the items that are finished")
            .millis(1500, 0, 60_000));
  }
}
