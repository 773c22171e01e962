/// Executes state machines of the template, as Step Functions does: the states and fields that they
/// use, and no other.
@NullMarked
package dev.pilotlight.local.states;

import org.jspecify.annotations.NullMarked;
