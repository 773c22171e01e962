package dev.pilotlight.model.onnx;

import java.util.List;
import java.util.Locale;

/// How far ONNX Runtime optimises a graph when it opens it.
public enum Optimisation {
  /// Every rewrite that does not choose kernels by the CPU; the highest level may.
  EXTENDED(2),

  /// Only rewrites that use standard operators.
  BASIC(1),

  /// The graph as it was exported.
  NONE(0),

  /// No further rewrites: the packaging has optimised the graph and saved it.
  DONE(0);

  /// The levels to try in turn. A rewrite can create an operator that has no kernel for the graph's
  /// datatype, such as QuickGelu for FP64.
  static final List<Optimisation> LEVELS = List.of(EXTENDED, BASIC, NONE);

  private final int code;

  Optimisation(int code) {
    this.code = code;
  }

  /// `GraphOptimizationLevel` of the C API.
  int code() {
    return code;
  }

  /// As part of the runtime's name in result keys.
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
