/// A process of the function, and the Runtime API that takes no time; nothing else of the runner.
@NullMarked
package dev.pilotlight.local.wire;

import org.jspecify.annotations.NullMarked;
