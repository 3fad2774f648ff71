/** What console and keeper keep of each other's audit chains. */
@NullMarked
package dev.nightsafe.database.audit;

import org.jspecify.annotations.NullMarked;
