package launcher.report.sensitivity;

import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import launcher.report.Figure;
import launcher.report.repeat.Bootstrap;
import launcher.report.repeat.Estimate;
import launcher.report.repeat.RepeatedRuns;

/** How one figure moves with each cost. */
final class FigureSensitivity {
  /**
   * By how much a figure has moved, seed by seed.
   *
   * @param share of what it was; infinite if that was 0
   * @param isNoise whether the runs don't tell it from none
   * @param now its median now
   */
  record Change(double share, boolean isNoise, double now) {
    /** Whether it is as large as to be spoken of. */
    boolean isMove() {
      return !isNoise && Math.abs(share) >= SensitivityResult.THRESHOLD;
    }
  }

  private final SensitivityResult result;
  private final Figure figure;
  private final Bootstrap bootstrap;
  private final VariantOrder order;
  private final Map<VariedSide, VariantOrder> orders = new IdentityHashMap<>();

  FigureSensitivity(SensitivityResult result, Figure figure, Bootstrap bootstrap) {
    this.result = result;
    this.figure = figure;
    this.bootstrap = bootstrap;
    order = new VariantOrder(result.base(), figure, bootstrap);
  }

  Figure figure() {
    return figure;
  }

  /** The variants with all costs as they are. */
  VariantOrder order() {
    return order;
  }

  /** The variants with one cost varied. */
  VariantOrder order(VariedSide side) {
    return orders.computeIfAbsent(side, of -> new VariantOrder(of.variants(), figure, bootstrap));
  }

  /** What is {@code base} with all costs as they are; empty if the runs have no such figure. */
  Optional<Estimate> base(int variant) {
    return result.base().get(variant).estimate(figure, bootstrap);
  }

  /** What became of it. */
  Optional<Change> change(VariedSide side, int variant) {
    RepeatedRuns runs = side.variants().get(variant);
    Optional<Estimate> before = base(variant);
    Optional<Estimate> now = runs.estimate(figure, bootstrap);
    Optional<Estimate> difference = runs.difference(result.base().get(variant), figure, bootstrap);
    if (before.isEmpty() || now.isEmpty() || difference.isEmpty()) {
      return Optional.empty();
    }
    double moved = difference.get().median();
    double share = moved == 0 ? 0 : moved / Math.abs(before.get().median());
    return Optional.of(new Change(share, difference.get().isNoise(), now.get().median()));
  }

  /** The largest of both sides and all variants that is no noise; 0 if there is none. */
  double largest(CostEffect effect) {
    return sides(effect).stream()
        .flatMap(
            side ->
                IntStream.range(0, result.base().size()).mapToObj(variant -> change(side, variant)))
        .flatMap(Optional::stream)
        .filter(change -> !change.isNoise())
        .mapToDouble(change -> Math.abs(change.share()))
        .max()
        .orElse(0);
  }

  static List<VariedSide> sides(CostEffect effect) {
    return Stream.of(effect.lower(), effect.higher()).flatMap(Optional::stream).toList();
  }

  /** Costs that move the figure, the one that moves it most first. */
  List<CostEffect> moving() {
    return result.effects().stream()
        .filter(effect -> largest(effect) >= SensitivityResult.THRESHOLD)
        .sorted(Comparator.comparingDouble(this::largest).reversed())
        .toList();
  }

  /** Costs that were varied and don't. */
  List<CostEffect> still() {
    return result.effects().stream()
        .filter(effect -> largest(effect) < SensitivityResult.THRESHOLD)
        .filter(effect -> !sides(effect).isEmpty())
        .toList();
  }
}
