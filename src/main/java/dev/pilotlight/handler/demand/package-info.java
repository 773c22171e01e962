/// Parts that most environments never need. Each loads with the first request for it.
@NullMarked
package dev.pilotlight.handler.demand;

import org.jspecify.annotations.NullMarked;
