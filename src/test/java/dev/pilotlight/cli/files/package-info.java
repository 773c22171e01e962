/// The command for OpenAI's files.
@NullMarked
package dev.pilotlight.cli.files;

import org.jspecify.annotations.NullMarked;
