package dev.pilotlight.domain;

/// How long one stage of a request took.
public record Timing(Stage stage, long nanos) {}
