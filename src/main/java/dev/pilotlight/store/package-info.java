/// Durable results: DynamoDB, with large ones in S3.
@NullMarked
package dev.pilotlight.store;

import org.jspecify.annotations.NullMarked;
