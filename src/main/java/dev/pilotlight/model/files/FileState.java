package dev.pilotlight.model.files;

import java.time.Instant;

/// The listed state of a file or object of a model version.
///
/// @param modified when it was last written
/// @param tag differs if the content differs
public record FileState(long bytes, Instant modified, String tag) {}
