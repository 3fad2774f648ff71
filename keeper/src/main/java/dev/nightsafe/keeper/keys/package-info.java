/** Master keys, opening keys, the root and the data keys. */
@NullMarked
package dev.nightsafe.keeper.keys;

import org.jspecify.annotations.NullMarked;
