/// Images: the file that a caller sent, its pixels as Pillow has them, and Pillow's resampling.
@NullMarked
package dev.pilotlight.image;

import org.jspecify.annotations.NullMarked;
