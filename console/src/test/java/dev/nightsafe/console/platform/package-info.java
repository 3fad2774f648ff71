/** What every feature stands on, alone. */
@NullMarked
package dev.nightsafe.console.platform;

import org.jspecify.annotations.NullMarked;
