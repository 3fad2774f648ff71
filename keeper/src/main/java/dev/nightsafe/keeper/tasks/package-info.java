/** Tasks and their leases. */
@NullMarked
package dev.nightsafe.keeper.tasks;

import org.jspecify.annotations.NullMarked;
