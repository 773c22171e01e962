/// The HTTP API and the Invoke API: they turn HTTP requests into events of functions.
@NullMarked
package dev.pilotlight.local.gateway;

import org.jspecify.annotations.NullMarked;
