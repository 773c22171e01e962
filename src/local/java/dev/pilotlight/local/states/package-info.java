/// Executes the template's state machines as Step Functions does. Implements only the states and
/// fields that they use.
@NullMarked
package dev.pilotlight.local.states;

import org.jspecify.annotations.NullMarked;
