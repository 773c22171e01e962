/// The HTTP/1.1 server of the container image (`PILOTLIGHT_SERVE=http`). Lambda's zip does not
/// contain it.
@NullMarked
package dev.pilotlight.serve;

import org.jspecify.annotations.NullMarked;
