/** Serving leases: what a runner should run now. */
@NullMarked
package dev.nightsafe.keeper.leases;

import org.jspecify.annotations.NullMarked;
