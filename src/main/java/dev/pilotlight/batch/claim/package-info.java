/// Who works on an object, and how far it has come.
@NullMarked
package dev.pilotlight.batch.claim;

import org.jspecify.annotations.NullMarked;
