/// Models through the whole function.
@NullMarked
package dev.pilotlight.handler.models;

import org.jspecify.annotations.NullMarked;
