/// `models.lock`: the files that a deployment serves, each with its size and its SHA-256.
@NullMarked
package dev.pilotlight.model.lock;

import org.jspecify.annotations.NullMarked;
