/// Sends recorded requests at a fixed rate, and compares the answers of two servers.
@NullMarked
package dev.pilotlight.cli.replay;

import org.jspecify.annotations.NullMarked;
