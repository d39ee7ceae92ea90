package block.bio.device;

import static block.bio.device.DeviceParameter.CAPACITY;
import static block.bio.device.DeviceParameter.CHANNELS;
import static block.bio.device.DeviceParameter.DEPTH;
import static block.bio.device.DeviceParameter.DESCRIPTORS;
import static block.bio.device.DeviceParameter.FLUSH_LATENCY;
import static block.bio.device.DeviceParameter.FUA;
import static block.bio.device.DeviceParameter.MAX_REQUEST;
import static block.bio.device.DeviceParameter.MAX_SEGMENTS;
import static block.bio.device.DeviceParameter.NR_REQUESTS;
import static block.bio.device.DeviceParameter.QUEUES;
import static block.bio.device.DeviceParameter.READ_BANDWIDTH;
import static block.bio.device.DeviceParameter.READ_IOPS;
import static block.bio.device.DeviceParameter.READ_LATENCY;
import static block.bio.device.DeviceParameter.SCHEDULER;
import static block.bio.device.DeviceParameter.TIMEOUT_HANDLER;
import static block.bio.device.DeviceParameter.WRITE_BANDWIDTH;
import static block.bio.device.DeviceParameter.WRITE_CACHE;
import static block.bio.device.DeviceParameter.WRITE_IOPS;
import static block.bio.device.DeviceParameter.WRITE_LATENCY;

import java.util.List;

/** The profiles that ship; {@code docs/model.md} says where each number comes from. */
final class DeviceProfiles {
  private static final long US = 1_000;

  // Values of TIMEOUT_HANDLER: libata's, null_blk's and virtio-blk's; the default is NVMe's.
  private static final int RESET = 1;
  private static final int FAIL = 2;
  private static final int NO_HANDLER = 3;

  private static final long MB = 1_000_000;
  private static final long KIB = 1L << 10;
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final long TB = 1_000_000_000_000L;

  private static final List<DeviceProfile> ALL =
      List.of(
          nvme("nvme", 70 * US, 12 * US)
              .with(READ_IOPS, 1_000_000)
              .with(WRITE_IOPS, 200_000)
              .with(READ_BANDWIDTH, 6_500 * MB)
              .with(WRITE_BANDWIDTH, 4_000 * MB)
              .with(CHANNELS, 70),
          nvme("nvme-pm983", 90 * US, 20 * US)
              .with(READ_IOPS, 480_000)
              .with(WRITE_IOPS, 345_000)
              .with(READ_BANDWIDTH, 3_000 * MB)
              .with(FLUSH_LATENCY, 0)
              .with(WRITE_BANDWIDTH, 1_413 * MB)
              .with(CHANNELS, 43),
          nvme("nvme-t6f", 90 * US, 25 * US)
              .with(READ_IOPS, 400_000)
              .with(WRITE_IOPS, 209_000)
              .with(READ_BANDWIDTH, 2_500 * MB)
              .with(FLUSH_LATENCY, 0)
              .with(WRITE_BANDWIDTH, 859 * MB)
              .with(CHANNELS, 36),
          nvme("nvme-optane", 8 * US, 8 * US)
              .with(READ_IOPS, 1_500_000)
              .with(WRITE_IOPS, 1_500_000)
              .with(READ_BANDWIDTH, 7_000 * MB)
              .with(WRITE_BANDWIDTH, 6_000 * MB)
              .with(CHANNELS, 12),
          sata("ssd-sata", DeviceKind.SSD)
              .with(READ_LATENCY, 120 * US)
              .with(WRITE_LATENCY, 60 * US)
              .with(FLUSH_LATENCY, 1_000 * US)
              .with(READ_IOPS, 90_000)
              .with(WRITE_IOPS, 50_000)
              .with(READ_BANDWIDTH, 550 * MB)
              .with(WRITE_BANDWIDTH, 500 * MB)
              .with(WRITE_CACHE, 64 * MIB)
              .with(CHANNELS, 12),
          sata("hdd", DeviceKind.HDD)
              .with(WRITE_LATENCY, 100 * US)
              .with(READ_BANDWIDTH, 200 * MB)
              .with(WRITE_BANDWIDTH, 200 * MB)
              .with(WRITE_CACHE, 64 * MIB),
          DeviceProfile.of("virtio-blk", DeviceKind.SSD)
              .with(TIMEOUT_HANDLER, NO_HANDLER)
              .with(READ_LATENCY, 100 * US)
              .with(WRITE_LATENCY, 42 * US)
              .with(FLUSH_LATENCY, 200 * US)
              .with(READ_IOPS, 200_000)
              .with(WRITE_IOPS, 150_000)
              .with(READ_BANDWIDTH, 3_000 * MB)
              .with(WRITE_BANDWIDTH, 2_000 * MB)
              .with(CHANNELS, 32)
              .with(QUEUES, 1)
              .with(DEPTH, 128)
              .with(DESCRIPTORS, 256)
              .with(FUA, 0)
              .with(MAX_SEGMENTS, 254)
              .with(SCHEDULER, 1)
              .with(NR_REQUESTS, 256),
          DeviceProfile.of("loop", DeviceKind.LOOP)
              .with(CAPACITY, 64 * GIB)
              .with(TIMEOUT_HANDLER, NO_HANDLER)
              .with(QUEUES, 1)
              .with(DEPTH, 128)
              .with(FUA, 0)
              .with(MAX_REQUEST, 1280 * KIB)
              .with(MAX_SEGMENTS, 128),
          DeviceProfile.of("null", DeviceKind.NULL)
              .with(TIMEOUT_HANDLER, FAIL)
              .with(READ_LATENCY, 0)
              .with(WRITE_LATENCY, 0)
              .with(FLUSH_LATENCY, 0));

  private DeviceProfiles() {}

  private static DeviceProfile nvme(String name, long readLatencyNs, long writeLatencyNs) {
    return DeviceProfile.of(name, DeviceKind.SSD)
        .with(READ_LATENCY, readLatencyNs)
        .with(WRITE_LATENCY, writeLatencyNs)
        .with(FLUSH_LATENCY, 15 * US);
  }

  private static DeviceProfile sata(String name, DeviceKind kind) {
    return DeviceProfile.of(name, kind)
        .with(TIMEOUT_HANDLER, RESET)
        .with(QUEUES, 1)
        .with(DEPTH, 32)
        .with(MAX_SEGMENTS, 168)
        .with(SCHEDULER, 1)
        .with(NR_REQUESTS, 64);
  }

  static long usual(DeviceParameter parameter) {
    return switch (parameter) {
      case CAPACITY -> 2 * TB;
      case READ_BANDWIDTH, WRITE_BANDWIDTH -> 1L << 50;
      case READ_IOPS, WRITE_IOPS -> 1_000_000_000_000L;
      case READ_LATENCY, WRITE_LATENCY, FLUSH_LATENCY -> 0;
      case INTERRUPTS,
          READ_SEGMENT,
          LATENCY_JITTER,
          WRITE_CACHE,
          COALESCE_TIME,
          QUEUES,
          SCHEDULER,
          DESCRIPTORS,
          INTEGRITY,
          WBT_LATENCY ->
          0;
      case IO_TIMEOUT -> 30_000_000 * US;
      case TIMEOUT_HANDLER -> 0;
      case MAX_RETRIES -> 5;
      case ABORT_TIME -> 100 * US;
      case RESET_TIME -> 1_000_000 * US;
      case CHANNELS, COALESCE_COUNT, RQ_AFFINITY, NULL_COMPLETION, FUA -> 1;
      case DEPTH -> 1023;
      case IRQ_CPU -> -1;
      case MAX_REQUEST -> 4 * MIB;
      case MAX_SEGMENTS -> 128;
      case READ_AHEAD -> 128 << 10;
      case NR_REQUESTS -> 256;
      case ROTATION -> 7_200;
      case SEEK_MIN -> 800 * US;
      case SEEK_MAX -> 16_000 * US;
    };
  }

  static List<String> names() {
    return ALL.stream().map(DeviceProfile::name).toList();
  }

  static DeviceProfile named(String name) {
    for (DeviceProfile profile : ALL) {
      if (profile.name().equals(name)) {
        return profile;
      }
    }
    throw new IllegalArgumentException(
        "device: model is '" + name + "'; it must be one of " + String.join(", ", names()));
  }
}
