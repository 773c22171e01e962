/// Self-contained HTML pages of results, with charts as SVG.
@NullMarked
package dev.pilotlight.cli.page;

import org.jspecify.annotations.NullMarked;
