package dev.pilotlight.domain;

/// An output of a graph that has no form in the Open Inference Protocol.
///
/// @param type in words, such as `a sequence of tensors`
public record OtherOutput(String name, String type) {}
