/// HTTP API and the Invoke API: HTTP requests to events of functions.
@NullMarked
package dev.pilotlight.local.gateway;

import org.jspecify.annotations.NullMarked;
