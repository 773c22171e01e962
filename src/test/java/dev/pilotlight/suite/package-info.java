/// How the test suite runs: what it prints, and its long form.
@NullMarked
package dev.pilotlight.suite;

import org.jspecify.annotations.NullMarked;
