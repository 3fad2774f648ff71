/** Opening a database, reading it, and the one committer that writes it. */
@NullMarked
package dev.nightsafe.database.engine;

import org.jspecify.annotations.NullMarked;
