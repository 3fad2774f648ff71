/** The Unix socket for the user that runs the keeper. */
@NullMarked
package dev.nightsafe.keeper.local;

import org.jspecify.annotations.NullMarked;
