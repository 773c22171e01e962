package dev.pilotlight.protocol.door;

import dev.pilotlight.protocol.http.ProtocolSettings;
import java.util.Optional;

/// The terms on which a door reads a request.
///
/// @param itemsMax the most items of a request
/// @param truncate whether texts over the model's limit are truncated if the request does not
///   choose; empty if the door decides, as its original does
public record Terms(int itemsMax, ProtocolSettings settings, Optional<Boolean> truncate) {}
