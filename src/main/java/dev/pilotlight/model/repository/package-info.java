/// Which models there are, and which of them are loaded.
@NullMarked
package dev.pilotlight.model.repository;

import org.jspecify.annotations.NullMarked;
