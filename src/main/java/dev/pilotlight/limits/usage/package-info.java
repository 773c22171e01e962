/// Counters of what tenants use: in memory first, then in the table of clients.
@NullMarked
package dev.pilotlight.limits.usage;

import org.jspecify.annotations.NullMarked;
