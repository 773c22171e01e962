/// Runs Lambda's own Java client and our event loop side by side.
@NullMarked
package dev.pilotlight.eventloop;

import org.jspecify.annotations.NullMarked;
