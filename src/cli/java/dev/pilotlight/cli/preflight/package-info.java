/// `pilotlight preflight`: what a preset needs, what the package is, what the account allows.
@NullMarked
package dev.pilotlight.cli.preflight;

import org.jspecify.annotations.NullMarked;
