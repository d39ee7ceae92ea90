package sim.kernel;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A field that a layer adds to every task, as {@code struct task_struct} has fields for many
 * subsystems. Create one per field, in a static.
 *
 * @param <T> type of the field
 */
public final class TaskLocal<T> {
  private static final AtomicInteger NEXT = new AtomicInteger();

  final int slot = NEXT.getAndIncrement();
}
