/// A folder of a model as `pilotlight inspect` and `pilotlight quantize` read it.
@NullMarked
package dev.pilotlight.cli.folder;

import org.jspecify.annotations.NullMarked;
