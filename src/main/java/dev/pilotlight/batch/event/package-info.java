/// The batch function's events: of S3, from EventBridge, and in messages of a queue.
@NullMarked
package dev.pilotlight.batch.event;

import org.jspecify.annotations.NullMarked;
