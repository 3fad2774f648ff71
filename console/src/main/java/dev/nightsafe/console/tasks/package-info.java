/** Tasks, passed on to the keeper. */
@NullMarked
package dev.nightsafe.console.tasks;

import org.jspecify.annotations.NullMarked;
