/** Queue definitions and what applying one means. */
@NullMarked
package dev.nightsafe.console.queues;

import org.jspecify.annotations.NullMarked;
