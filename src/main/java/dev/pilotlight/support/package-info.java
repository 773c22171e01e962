/// Settings, log and clock; imports nothing.
@NullMarked
package dev.pilotlight.support;

import org.jspecify.annotations.NullMarked;
