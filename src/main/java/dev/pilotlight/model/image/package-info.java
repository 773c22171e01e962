/// A model's image processor: from the pixels of an image to a graph's input.
@NullMarked
package dev.pilotlight.model.image;

import org.jspecify.annotations.NullMarked;
