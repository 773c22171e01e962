/// Runs a program where the kernel refuses, and notes, what a function in Lambda must not do.
@NullMarked
package dev.pilotlight.pack.confine;

import org.jspecify.annotations.NullMarked;
