/// The answers of tasks: their labels, and the arithmetic on them.
@NullMarked
package dev.pilotlight.domain.task;

import org.jspecify.annotations.NullMarked;
