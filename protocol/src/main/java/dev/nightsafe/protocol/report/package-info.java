/** What a task tells people besides its result; specified in {@code spec/task-protocol.md}. */
@NullMarked
package dev.nightsafe.protocol.report;

import org.jspecify.annotations.NullMarked;
