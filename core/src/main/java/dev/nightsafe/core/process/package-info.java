/** What the operating system does for the running process. */
@NullMarked
package dev.nightsafe.core.process;

import org.jspecify.annotations.NullMarked;
