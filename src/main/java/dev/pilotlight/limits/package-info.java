/// What a tenant's plan allows, and what the tenant has used.
@NullMarked
package dev.pilotlight.limits;

import org.jspecify.annotations.NullMarked;
