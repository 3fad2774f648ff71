/** Settings and files. */
@NullMarked
package dev.nightsafe.runner.local;

import org.jspecify.annotations.NullMarked;
