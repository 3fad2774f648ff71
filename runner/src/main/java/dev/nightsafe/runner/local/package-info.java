/** What stays on this machine: the runner's settings, folders, logs and the record of what was sent. */
@NullMarked
package dev.nightsafe.runner.local;

import org.jspecify.annotations.NullMarked;
