package mm.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ErrorSequenceTest {
  private static final int EIO = 5;
  private static final int ENOSPC = 28;

  private final ErrorSequence errors = new ErrorSequence();

  @Test
  void everyFileSeesAnErrorOnce() {
    int one = errors.sample();
    int two = errors.sample();
    errors.record(EIO);
    assertEquals(EIO, errors.check(one));
    one = errors.advance(one);
    assertEquals(0, errors.check(one));
    assertEquals(EIO, errors.check(two));
    two = errors.advance(two);
    errors.record(EIO);
    assertEquals(EIO, errors.check(two), "the same error a second time is a new one");
    errors.advance(two);
    assertEquals(EIO, errors.check(one), "also when another file has seen it first");
  }

  @Test
  void fileOpenedAfterAnErrorSeesItIfNobodyElseHas() {
    errors.record(ENOSPC);
    int unseen = errors.sample();
    assertEquals(ENOSPC, errors.check(unseen));
    errors.advance(unseen);
    assertEquals(0, errors.check(errors.sample()), "it has been reported");
  }

  @Test
  void latestErrorIsReported() {
    int sample = errors.sample();
    errors.record(EIO);
    errors.record(ENOSPC);
    assertEquals(ENOSPC, errors.check(sample));
  }
}
