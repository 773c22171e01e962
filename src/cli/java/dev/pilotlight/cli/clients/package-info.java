/// Tenants, their API keys and what they used, in the table of clients.
@NullMarked
package dev.pilotlight.cli.clients;

import org.jspecify.annotations.NullMarked;
