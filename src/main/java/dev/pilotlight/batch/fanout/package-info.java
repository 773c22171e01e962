/// Large objects, which a state machine answers in shards at the same time: its steps.
@NullMarked
package dev.pilotlight.batch.fanout;

import org.jspecify.annotations.NullMarked;
