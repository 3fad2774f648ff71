/** The whole system as a user has it: real processes, started by the `nightsafe` command. */
@NullMarked
package dev.nightsafe.e2e;

import org.jspecify.annotations.NullMarked;
