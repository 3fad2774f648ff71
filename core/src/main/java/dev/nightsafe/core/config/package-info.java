/** Settings of a part: file, environment, flags. */
@NullMarked
package dev.nightsafe.core.config;

import org.jspecify.annotations.NullMarked;
