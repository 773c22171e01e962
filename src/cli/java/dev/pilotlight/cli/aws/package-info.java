/// Signed requests to AWS, and its answers.
@NullMarked
package dev.pilotlight.cli.aws;

import org.jspecify.annotations.NullMarked;
