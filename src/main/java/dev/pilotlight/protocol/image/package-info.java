/// Images in requests: as a body, as the file of a form, as base64 and in data URLs.
@NullMarked
package dev.pilotlight.protocol.image;

import org.jspecify.annotations.NullMarked;
