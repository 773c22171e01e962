/// What holds for every file: format, sizes, layers, links.
@NullMarked
package dev.pilotlight.tidy;

import org.jspecify.annotations.NullMarked;
