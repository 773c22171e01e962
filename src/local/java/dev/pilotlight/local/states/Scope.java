package dev.pilotlight.local.states;

import com.fasterxml.jackson.databind.JsonNode;

/// The values in which paths begin.
///
/// @param input `$`
/// @param context `$$`
record Scope(JsonNode input, JsonNode context) {}
