/** The keeper's tables, and its view of the console's. */
@NullMarked
package dev.nightsafe.database.keeper;

import org.jspecify.annotations.NullMarked;
