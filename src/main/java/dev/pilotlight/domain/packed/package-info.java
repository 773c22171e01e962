/// Ids of results in packed objects.
@NullMarked
package dev.pilotlight.domain.packed;

import org.jspecify.annotations.NullMarked;
