/// Tensors: their types, shapes and bytes.
@NullMarked
package dev.pilotlight.domain.tensor;

import org.jspecify.annotations.NullMarked;
