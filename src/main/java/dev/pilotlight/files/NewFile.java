package dev.pilotlight.files;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A file that a request announces or sends.
///
/// @param filename without folders
/// @param expiresAfter its creation; null for the longest time
/// @param expiresField the request's name of that field
public record NewFile(String filename, @Nullable Duration expiresAfter, String expiresField) {}
