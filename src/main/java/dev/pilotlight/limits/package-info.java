/// The limits of tenants by their plans, and their usage.
@NullMarked
package dev.pilotlight.limits;

import org.jspecify.annotations.NullMarked;
