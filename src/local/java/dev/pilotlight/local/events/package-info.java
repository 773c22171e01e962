/// S3's events to invocations.
@NullMarked
package dev.pilotlight.local.events;

import org.jspecify.annotations.NullMarked;
