/** Worker processes: started, fed with tasks, watched, restarted, ended. */
@NullMarked
package dev.nightsafe.runner.workers;

import org.jspecify.annotations.NullMarked;
