package dev.pilotlight.access;

import dev.pilotlight.tenant.Caller;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A key that the table has, as it was read.
///
/// @param caller the sender of requests with the key
/// @param models the key's own list of models, without its tenant's; null for all
/// @param expires when the key expires, in seconds since 1970; [Long#MAX_VALUE] for never
/// @param read when the read began
record KnownKey(Caller caller, @Nullable Set<String> models, long expires, Moment read) {}
