/// An audit as text, Markdown, JSON and one HTML page.
@NullMarked
package dev.pilotlight.cli.audit.report;

import org.jspecify.annotations.NullMarked;
