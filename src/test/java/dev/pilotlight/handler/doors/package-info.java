/// The further doors through the whole function.
@NullMarked
package dev.pilotlight.handler.doors;

import org.jspecify.annotations.NullMarked;
