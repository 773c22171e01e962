/// The pages in a real browser: `mvn -Ppages`.
@NullMarked
package dev.pilotlight.pages;

import org.jspecify.annotations.NullMarked;
