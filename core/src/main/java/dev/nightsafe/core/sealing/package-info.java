/** Boxes: what sealing to a lock makes, and what opens them (HPKE, RFC 9180, X-Wing). */
@NullMarked
package dev.nightsafe.core.sealing;

import org.jspecify.annotations.NullMarked;
