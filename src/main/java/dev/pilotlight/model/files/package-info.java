/// The files of a model version: their source, the choice of those that count, and the content of
/// the small ones.
@NullMarked
package dev.pilotlight.model.files;

import org.jspecify.annotations.NullMarked;
