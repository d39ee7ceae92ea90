package policies.tck;

/**
 * A numbered rule that every policy of a family must keep.
 *
 * @param family key of the family: {@code completion}
 * @param id number, with the family's letters in front: {@code CP-1}
 * @param sentence what a policy does that keeps it
 * @param why what goes wrong in a kernel whose policy doesn't
 */
public record TckRule(String family, String id, String sentence, String why) {
  @Override
  public String toString() {
    return id + ": " + sentence;
  }
}
