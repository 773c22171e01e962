package dev.pilotlight.domain;

/// An output of a graph that the Open Inference Protocol cannot carry.
///
/// @param type in words, such as `a sequence of tensors`
public record OtherOutput(String name, String type) {}
