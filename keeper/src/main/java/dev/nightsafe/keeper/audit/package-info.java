/** The keeper's audit chain as others see it, and what it keeps of the console's. */
@NullMarked
package dev.nightsafe.keeper.audit;

import org.jspecify.annotations.NullMarked;
