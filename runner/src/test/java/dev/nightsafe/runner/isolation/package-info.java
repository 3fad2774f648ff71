/** What stands between a worker and everything else on its machine. */
@NullMarked
package dev.nightsafe.runner.isolation;

import org.jspecify.annotations.NullMarked;
