/** Workspaces. */
@NullMarked
package dev.nightsafe.cli.workspace;

import org.jspecify.annotations.NullMarked;
