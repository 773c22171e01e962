/// `pilotlight inspect`: what a model answers, and what it should.
@NullMarked
package dev.pilotlight.cli.inspect;

import org.jspecify.annotations.NullMarked;
