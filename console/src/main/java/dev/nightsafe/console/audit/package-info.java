/** Both parts' audit chains, read and verified. */
@NullMarked
package dev.nightsafe.console.audit;

import org.jspecify.annotations.NullMarked;
