/// The pages of usage: a tenant's own, and OpenAI's for the operator.
@NullMarked
package dev.pilotlight.protocol.usage;

import org.jspecify.annotations.NullMarked;
