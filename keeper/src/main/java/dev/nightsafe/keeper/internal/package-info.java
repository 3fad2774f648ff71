/** The console's API. */
@NullMarked
package dev.nightsafe.keeper.internal;

import org.jspecify.annotations.NullMarked;
