/** What people and automation say to the console ({@code spec/console-api.yaml}). No record here has a component that could hold a stored secret's value (I1). */
@NullMarked
package dev.nightsafe.protocol.console;

import org.jspecify.annotations.NullMarked;
