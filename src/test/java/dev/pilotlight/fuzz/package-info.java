/// Random requests to every route of the function: whatever a client sends is answered, and never
/// by an error of ours.
@NullMarked
package dev.pilotlight.fuzz;

import org.jspecify.annotations.NullMarked;
