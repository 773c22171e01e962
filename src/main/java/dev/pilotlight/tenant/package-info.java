/// Determines the tenant of a request or a batch.
@NullMarked
package dev.pilotlight.tenant;

import org.jspecify.annotations.NullMarked;
