/// Secrets that tests plant, and the search for them in everything that a run of all tests wrote.
@NullMarked
package dev.pilotlight.suite.leaks;

import org.jspecify.annotations.NullMarked;
