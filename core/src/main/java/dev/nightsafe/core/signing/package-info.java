/** The exact bytes that a signature or a seal covers. */
@NullMarked
package dev.nightsafe.core.signing;

import org.jspecify.annotations.NullMarked;
