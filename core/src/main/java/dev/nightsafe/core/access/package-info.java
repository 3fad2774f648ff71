/** Roles, permissions, and the one table that says what each route asks for. */
@NullMarked
package dev.nightsafe.core.access;

import org.jspecify.annotations.NullMarked;
