/** HTTP, waiting and time: what every feature stands on. Imports no feature. */
@NullMarked
package dev.nightsafe.keeper.platform;

import org.jspecify.annotations.NullMarked;
