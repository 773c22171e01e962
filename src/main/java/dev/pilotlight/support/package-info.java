/// Settings, log, metrics and prices; imports nothing.
@NullMarked
package dev.pilotlight.support;

import org.jspecify.annotations.NullMarked;
