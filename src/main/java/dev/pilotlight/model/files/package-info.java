/// The files of a model version: where they come from, which of them count, and what the small ones
/// say.
@NullMarked
package dev.pilotlight.model.files;

import org.jspecify.annotations.NullMarked;
