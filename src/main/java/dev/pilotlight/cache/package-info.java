/// Result cache tiers that may lose things: memory and Redis; and the keys of results.
@NullMarked
package dev.pilotlight.cache;

import org.jspecify.annotations.NullMarked;
