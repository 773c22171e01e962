package dev.pilotlight.model.files;

import java.time.Instant;

/// A file or object of a model version as it was listed.
///
/// @param modified when it was last written
/// @param tag differs if the content differs
public record FileState(long bytes, Instant modified, String tag) {}
