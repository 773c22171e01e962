/// `pilotlight breaker`: what the breaker of a deployed stack closes, and its alarm.
@NullMarked
package dev.pilotlight.cli.breaker;

import org.jspecify.annotations.NullMarked;
