/// Who calls, and what they may do.
@NullMarked
package dev.pilotlight.tenant;

import org.jspecify.annotations.NullMarked;
