/// Redis, alone or as a cluster.
@NullMarked
package dev.pilotlight.local.redis;

import org.jspecify.annotations.NullMarked;
