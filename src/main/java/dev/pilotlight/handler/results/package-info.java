/// Stored results, which callers fetch by their ids. Loads with the first such request.
@NullMarked
package dev.pilotlight.handler.results;

import org.jspecify.annotations.NullMarked;
