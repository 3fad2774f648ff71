/** What every feature stands on: the listener, the gate, errors, storage and the link to the keeper. Imports no feature. */
@NullMarked
package dev.nightsafe.console.platform;

import org.jspecify.annotations.NullMarked;
