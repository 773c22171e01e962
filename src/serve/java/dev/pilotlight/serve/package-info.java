/// The server that a container runs with `PILOTLIGHT_SERVE=http`: HTTP/1.1 in place of Lambda's
/// Runtime API. It is in no zip.
@NullMarked
package dev.pilotlight.serve;

import org.jspecify.annotations.NullMarked;
