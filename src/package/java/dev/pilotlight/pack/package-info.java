/// Makes the package that Lambda runs, `target/pilotlight`, from what Maven has built. Compiled
/// with the tests; never ships.
@NullMarked
package dev.pilotlight.pack;

import org.jspecify.annotations.NullMarked;
