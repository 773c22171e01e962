@NullMarked
package dev.pilotlight.protocol.image;

import org.jspecify.annotations.NullMarked;
