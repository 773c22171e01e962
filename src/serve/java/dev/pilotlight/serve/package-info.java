/// The HTTP/1.1 server of the container image (`PILOTLIGHT_SERVE=http`). Lambda's zip does not
/// contain it. The local runner reads requests, writes metrics and limits bodies with its public
/// classes.
@NullMarked
package dev.pilotlight.serve;

import org.jspecify.annotations.NullMarked;
