/// The pages of the local runner: the playground and the calculator.
@NullMarked
package dev.pilotlight.local.pages;

import org.jspecify.annotations.NullMarked;
