package launcher.validation.fold;

/** Kinds of block devices, told apart by their major numbers. */
enum DeviceClass {
  LOOP("loop", 7),
  VIRTIO("virtio", 254),
  NVME("nvme", 259),
  SCSI("scsi", 8),
  OTHER("other", -1);

  private static final int MINOR_BITS = 20;
  private static final DeviceClass[] ALL = values();

  final String text;
  private final int major;

  DeviceClass(String text, int major) {
    this.text = text;
    this.major = major;
  }

  static int count() {
    return ALL.length;
  }

  /** By a trace's {@code dev}. */
  static DeviceClass of(long dev) {
    long major = dev >>> MINOR_BITS;
    for (DeviceClass type : ALL) {
      if (type.major == major) {
        return type;
      }
    }
    return OTHER;
  }
}
