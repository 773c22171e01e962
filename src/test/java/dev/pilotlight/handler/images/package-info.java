/// Images through the doors of the whole function.
@NullMarked
package dev.pilotlight.handler.images;

import org.jspecify.annotations.NullMarked;
