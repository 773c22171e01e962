/// The command line `pilotlight`. One class is one command. It never ships with the function.
@NullMarked
package dev.pilotlight.cli;

import org.jspecify.annotations.NullMarked;
