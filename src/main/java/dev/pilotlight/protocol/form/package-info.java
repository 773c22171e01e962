/// Forms: `multipart/form-data`, part by part, and the parameters of headers.
@NullMarked
package dev.pilotlight.protocol.form;

import org.jspecify.annotations.NullMarked;
