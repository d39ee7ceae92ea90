package launcher.fio.sequence;

import org.osgi.annotation.versioning.ConsumerType;

/** What is there before the jobs start. */
@ConsumerType
public interface ExistingFiles {
  /** Nothing is there, so that every file is made by its job. */
  ExistingFiles EMPTY =
      new ExistingFiles() {
        @Override
        public long sizeBytes(String path) {
          return 0;
        }

        @Override
        public boolean isBlockDevice(String path) {
          return false;
        }
      };

  /** Size of a file or device; 0 if there is none. */
  long sizeBytes(String path);

  /** Whether the path is a device, which does not grow. */
  boolean isBlockDevice(String path);
}
