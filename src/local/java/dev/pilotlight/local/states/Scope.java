package dev.pilotlight.local.states;

import com.fasterxml.jackson.databind.JsonNode;

/// The values that paths lead into.
///
/// @param input `$`
/// @param context `$$`
record Scope(JsonNode input, JsonNode context) {}
