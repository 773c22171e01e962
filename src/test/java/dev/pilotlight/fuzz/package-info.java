/// Random requests to every route of the function, which answers each, and never by an error of
/// ours.
@NullMarked
package dev.pilotlight.fuzz;

import org.jspecify.annotations.NullMarked;
