/** What tasks take and give. */
@NullMarked
package dev.nightsafe.protocol.task;

import org.jspecify.annotations.NullMarked;
