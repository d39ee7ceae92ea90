package sim.kernel.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class RandomStreamsTest {
  @Test
  void namesAreHashedWithFnv1a() {
    // Published vectors of the 64-bit FNV-1a.
    assertEquals(0xCBF29CE484222325L, RandomStreams.fnv1a64(""));
    assertEquals(0xAF63DC4C8601EC8CL, RandomStreams.fnv1a64("a"));
    assertEquals(0x85944171F73967E8L, RandomStreams.fnv1a64("foobar"));
  }

  @Test
  void statesAreMixedWithSplitMix64() {
    // The published SplitMix64 sequence of seed 1234567: state + n * gamma, mixed.
    long gamma = 0x9E3779B97F4A7C15L;
    assertEquals(6457827717110365317L, RandomStreams.mix64(1234567 + gamma));
    assertEquals(3203168211198807973L, RandomStreams.mix64(1234567 + 2 * gamma));
    assertEquals(Long.parseUnsignedLong("9817491932198370423"), mixAt(1234567, 3 * gamma));
  }

  private static long mixAt(long state, long offset) {
    return RandomStreams.mix64(state + offset);
  }

  @Test
  void aStreamDependsOnSeedAndNameOnly() {
    RandomStreams alone = new RandomStreams(42);
    RandomStreams crowded = new RandomStreams(42);
    crowded.named("scheduler.wakeup").nextLong();
    RandomStream first = alone.named("device.latency");
    RandomStream second = crowded.named("device.latency");
    for (int i = 0; i < 100; i++) {
      assertEquals(first.nextLong(), second.nextLong());
    }
  }

  @Test
  void askingAgainGoesOnWithTheSameStream() {
    RandomStreams streams = new RandomStreams(42);
    RandomStream all = new RandomStreams(42).named("device.latency");
    for (int i = 0; i < 10; i++) {
      assertEquals(all.nextLong(), streams.named("device.latency").nextLong());
    }
  }

  @Test
  void anotherSeedOrNameGivesAnotherStream() {
    long here = new RandomStreams(42).named("device.latency").nextLong();
    assertNotEquals(here, new RandomStreams(43).named("device.latency").nextLong());
    assertNotEquals(here, new RandomStreams(42).named("device.latencz").nextLong());
  }

  @Test
  void namesWithEqualStringHashCodesGiveDifferentStreams() {
    assertEquals("Aa".hashCode(), "BB".hashCode());
    RandomStreams streams = new RandomStreams(1);
    assertNotEquals(streams.named("Aa").nextLong(), streams.named("BB").nextLong());
  }
}
