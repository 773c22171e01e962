/// The listed models, and those of them that are loaded.
@NullMarked
package dev.pilotlight.model.repository;

import org.jspecify.annotations.NullMarked;
