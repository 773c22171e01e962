@NullMarked
package dev.pilotlight.store.packed;

import org.jspecify.annotations.NullMarked;
