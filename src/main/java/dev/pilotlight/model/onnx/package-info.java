/// Graphs, opened and run by ONNX Runtime.
@NullMarked
package dev.pilotlight.model.onnx;

import org.jspecify.annotations.NullMarked;
