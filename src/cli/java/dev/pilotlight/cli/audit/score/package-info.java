/// The score of a bill out of 20.
@NullMarked
package dev.pilotlight.cli.audit.score;

import org.jspecify.annotations.NullMarked;
