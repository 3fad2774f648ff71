/** Release rules: what may have a vault's values. */
@NullMarked
package dev.nightsafe.console.release;

import org.jspecify.annotations.NullMarked;
