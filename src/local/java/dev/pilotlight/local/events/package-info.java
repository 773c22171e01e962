/// Turns S3's events into invocations.
@NullMarked
package dev.pilotlight.local.events;

import org.jspecify.annotations.NullMarked;
