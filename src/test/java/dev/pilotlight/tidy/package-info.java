/// The rules for every file: format, sizes, layers, links, plain English.
@NullMarked
package dev.pilotlight.tidy;

import org.jspecify.annotations.NullMarked;
