package launcher.scenario.run;

/**
 * The code of a policy that a run uses, or has used. Holds names and no class, so that a bundle
 * which has gone can be forgotten.
 *
 * @param seat where the policy sits, or sat
 * @param policyId its whole id
 * @param className of its outermost class
 * @param packagePrefix of that class, with its dot
 */
record PolicyCode(FamilySeat<?> seat, String policyId, String className, String packagePrefix) {
  static PolicyCode of(FamilySeat<?> seat, String policyId, Class<?> type) {
    String prefix = type.getPackageName().isEmpty() ? "" : type.getPackageName() + ".";
    return new PolicyCode(seat, policyId, outermost(type.getName()), prefix);
  }

  private static String outermost(String name) {
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }

  /** Whether a class is the policy's, or lies in it, a lambda's included. */
  boolean isOf(String name) {
    return outermost(name).equals(className);
  }

  /** Length of the part of its package that a class shares with it; 0 if it isn't near. */
  int nearness(String name) {
    return name.startsWith(packagePrefix) ? packagePrefix.length() : 0;
  }

  /** Whether another one names the same code, be it under another id. */
  boolean isSameCode(PolicyCode other) {
    return className.equals(other.className);
  }

  boolean isInUse() {
    return !seat.isMissing() && seat.policyId().equals(policyId);
  }
}
