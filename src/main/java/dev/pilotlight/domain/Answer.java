package dev.pilotlight.domain;

/// One item's result, the id it is stored under, and where it came from.
public record Answer(ResultKey key, Result result, Tier tier) {}
