/// Binds a request to its model: the items to run, and how to write the answer.
@NullMarked
package dev.pilotlight.call;

import org.jspecify.annotations.NullMarked;
