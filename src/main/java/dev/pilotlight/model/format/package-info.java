/// Reads single files without ONNX Runtime, and says what is wrong with them.
@NullMarked
package dev.pilotlight.model.format;

import org.jspecify.annotations.NullMarked;
