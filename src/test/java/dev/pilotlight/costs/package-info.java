/// The cost of a stack, for README and docs/costs.md: prices × measured durations × traffic.
@NullMarked
package dev.pilotlight.costs;

import org.jspecify.annotations.NullMarked;
