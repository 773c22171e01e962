/// `pilotlight quantize`: rewrites a graph with weights of 8 bits, and measures the effect.
@NullMarked
package dev.pilotlight.cli.quantize;

import org.jspecify.annotations.NullMarked;
