/// The forms of Cohere's API.
@NullMarked
package dev.pilotlight.protocol.cohere;

import org.jspecify.annotations.NullMarked;
