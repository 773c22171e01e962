/// Events and HTTP through the whole function.
@NullMarked
package dev.pilotlight.handler.http;

import org.jspecify.annotations.NullMarked;
