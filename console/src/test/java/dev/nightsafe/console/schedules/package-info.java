@NullMarked
package dev.nightsafe.console.schedules;

import org.jspecify.annotations.NullMarked;
