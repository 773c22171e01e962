/// The contract between the wiring and the further doors: requests in the forms of other servers'
/// clients.
@NullMarked
package dev.pilotlight.protocol.door;

import org.jspecify.annotations.NullMarked;
