/// Ports, small servers, and files, as every local part needs them.
@NullMarked
package dev.pilotlight.local.support;

import org.jspecify.annotations.NullMarked;
