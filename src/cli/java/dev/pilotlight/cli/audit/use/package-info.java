/// Exports that a bill does not have: use of processors, and recommendations.
@NullMarked
package dev.pilotlight.cli.audit.use;

import org.jspecify.annotations.NullMarked;
