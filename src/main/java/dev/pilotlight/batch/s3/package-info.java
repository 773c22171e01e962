/// Access to S3 for batches: objects, failures, retries.
@NullMarked
package dev.pilotlight.batch.s3;

import org.jspecify.annotations.NullMarked;
