package dev.pilotlight.model;

/// What ONNX Runtime does to a graph when it opens it.
enum Optimisation {
  /// All that does not choose kernels by the CPU it runs on, as the highest level may.
  EXTENDED,

  /// Nothing: it was done and saved before.
  DONE
}
