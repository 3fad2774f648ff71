/** Release rules: which deployment may have a vault. */
@NullMarked
package dev.nightsafe.core.release;

import org.jspecify.annotations.NullMarked;
