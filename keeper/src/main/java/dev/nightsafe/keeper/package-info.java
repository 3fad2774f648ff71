/** The keeper. */
@NullMarked
package dev.nightsafe.keeper;

import org.jspecify.annotations.NullMarked;
