/// The settings of the server that a container runs in place of Lambda's Runtime API.
@NullMarked
package dev.pilotlight.handler.serve;

import org.jspecify.annotations.NullMarked;
