/// Models of each task, from their files to their answers.
@NullMarked
package dev.pilotlight.model.tasks;

import org.jspecify.annotations.NullMarked;
