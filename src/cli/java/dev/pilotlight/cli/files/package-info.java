/// A client of the files API.
@NullMarked
package dev.pilotlight.cli.files;

import org.jspecify.annotations.NullMarked;
