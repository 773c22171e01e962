package dev.pilotlight.access;

import dev.pilotlight.tenant.Caller;

/// A key that the table has, as it was read.
///
/// @param caller the sender of requests with the key
/// @param expires when the key expires, in seconds since 1970; [Long#MAX_VALUE] for never
/// @param read when the read began
record KnownKey(Caller caller, long expires, Moment read) {}
