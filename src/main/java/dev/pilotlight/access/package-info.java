/// API keys: who may call what. Loads only where keys are on.
@NullMarked
package dev.pilotlight.access;

import org.jspecify.annotations.NullMarked;
