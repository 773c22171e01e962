/// ONNX's own tests and real exports through the function, compared with other implementations.
@NullMarked
package dev.pilotlight.conformance;

import org.jspecify.annotations.NullMarked;
