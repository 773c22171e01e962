/// S3 as batches need it: objects, failures, and when to try again.
@NullMarked
package dev.pilotlight.batch.s3;

import org.jspecify.annotations.NullMarked;
