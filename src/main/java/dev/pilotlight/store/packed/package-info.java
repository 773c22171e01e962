/// Results of batches in packed objects of S3, found by their ids.
@NullMarked
package dev.pilotlight.store.packed;

import org.jspecify.annotations.NullMarked;
