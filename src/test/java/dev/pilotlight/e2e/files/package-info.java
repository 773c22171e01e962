/// OpenAI's files by its official clients, and by the command.
@NullMarked
package dev.pilotlight.e2e.files;

import org.jspecify.annotations.NullMarked;
