/// Reads single files without ONNX Runtime, and describes their faults.
@NullMarked
package dev.pilotlight.model.format;

import org.jspecify.annotations.NullMarked;
