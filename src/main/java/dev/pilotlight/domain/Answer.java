package dev.pilotlight.domain;

/// The answer to one item: its result, the id that it is stored under, and the tier it came from.
public record Answer(ResultKey key, Result result, Tier tier) {}
