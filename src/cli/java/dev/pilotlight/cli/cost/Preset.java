package dev.pilotlight.cli.cost;

import dev.pilotlight.support.Prices.Processor;

/// A preset of `samconfig.toml`, as far as costs depend on it.
///
/// @param throttleRate requests a second that its HTTP API lets through
record Preset(
    double memoryMb,
    Processor processor,
    int provisionedMin,
    int provisionedMax,
    boolean cached,
    boolean api,
    boolean allAlarms,
    double throttleRate) {}
