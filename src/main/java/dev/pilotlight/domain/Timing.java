package dev.pilotlight.domain;

/// How long one stage of a request took.
///
/// @param stage a token of RFC 8941, such as `lookup`
public record Timing(String stage, long nanos) {}
