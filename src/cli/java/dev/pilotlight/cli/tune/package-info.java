/// Measures the package at sizes of a function's memory.
@NullMarked
package dev.pilotlight.cli.tune;

import org.jspecify.annotations.NullMarked;
