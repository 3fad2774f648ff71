/**
 * The console's tables. Everything inside a workspace is looked up with the workspace's id (I6). The console writes them;
 * the keeper reads some.
 */
@NullMarked
package dev.nightsafe.database.console;

import org.jspecify.annotations.NullMarked;
