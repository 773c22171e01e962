/// ONNX files that can be changed: only the parts that a change names get other bytes.
@NullMarked
package dev.pilotlight.cli.onnx;

import org.jspecify.annotations.NullMarked;
