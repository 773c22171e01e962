/// Keys at a CloudFront distribution.
@NullMarked
package dev.pilotlight.cli.edge;

import org.jspecify.annotations.NullMarked;
