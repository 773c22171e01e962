package dev.pilotlight.local.states;

import com.fasterxml.jackson.databind.JsonNode;

/// What paths lead into.
///
/// @param input `$`
/// @param context `$$`
record Scope(JsonNode input, JsonNode context) {}
