/** Values for one runner and one bootstrap. */
@NullMarked
package dev.nightsafe.keeper.grants;

import org.jspecify.annotations.NullMarked;
