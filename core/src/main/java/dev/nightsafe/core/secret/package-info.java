/** Plaintext in memory: off-heap, wiped, never printed. */
@NullMarked
package dev.nightsafe.core.secret;

import org.jspecify.annotations.NullMarked;
