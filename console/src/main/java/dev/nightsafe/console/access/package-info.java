/** API tokens and the first start. */
@NullMarked
package dev.nightsafe.console.access;

import org.jspecify.annotations.NullMarked;
