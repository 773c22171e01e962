/// API keys through the whole function.
@NullMarked
package dev.pilotlight.handler.keys;

import org.jspecify.annotations.NullMarked;
