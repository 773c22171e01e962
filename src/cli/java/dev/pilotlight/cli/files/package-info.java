/// The files API of a server, as the command uses it.
@NullMarked
package dev.pilotlight.cli.files;

import org.jspecify.annotations.NullMarked;
