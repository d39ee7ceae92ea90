package example.completion.adaptive;

import java.lang.annotation.Annotation;

/** A configuration made by hand. */
record TestConfig(long age_us, int priority) implements AdaptiveCompletionPolicy.Config {
  static final TestConfig DEFAULT = new TestConfig(500, 50);

  @Override
  public Class<? extends Annotation> annotationType() {
    return AdaptiveCompletionPolicy.Config.class;
  }
}
