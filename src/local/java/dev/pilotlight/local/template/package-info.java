/// Reads `template.yaml`: functions, routes, triggers.
@NullMarked
package dev.pilotlight.local.template;

import org.jspecify.annotations.NullMarked;
