/// The steps of the state machine that answers large objects in parallel shards.
@NullMarked
package dev.pilotlight.batch.fanout;

import org.jspecify.annotations.NullMarked;
