/// What a stack costs, for the README: prices × measured durations × traffic.
@NullMarked
package dev.pilotlight.costs;

import org.jspecify.annotations.NullMarked;
