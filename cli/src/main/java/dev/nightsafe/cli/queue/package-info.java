/** Queues: what runs tasks, and with which vaults. */
@NullMarked
package dev.nightsafe.cli.queue;

import org.jspecify.annotations.NullMarked;
