/** Workspaces: the unit of membership, tokens and erasure. */
@NullMarked
package dev.nightsafe.console.workspaces;

import org.jspecify.annotations.NullMarked;
