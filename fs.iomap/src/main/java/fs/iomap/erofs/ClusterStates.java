package fs.iomap.erofs;

import java.util.Arrays;

/** What a request does with each of its clusters, and who else waits for them. */
final class ClusterStates {
  /** It has been decompressed, or another request has done that. */
  static final byte DONE = 0;

  /** It is read from the device. */
  static final byte READ = 1;

  /** All of it is in the cache of compressed pages ({@code JQ_BYPASS}). */
  static final byte BYPASS = 2;

  /** Another request has it, and fills the folios of this one as well. */
  static final byte FOLLOWED = 3;

  private long first;
  private long end;
  private byte[] states = new byte[16];

  // Requests that wait for a cluster of this one.
  private ErofsRead[] followers = new ErofsRead[4];
  private long[] followed = new long[4];
  private int followerCount;

  void begin(long from, long to) {
    first = from;
    end = to;
    int count = (int) (to - from);
    if (count > states.length) {
      states = new byte[Math.max(count, states.length * 2)];
    }
    Arrays.fill(states, 0, count, DONE);
    followerCount = 0;
  }

  long first() {
    return first;
  }

  long end() {
    return end;
  }

  byte get(long cluster) {
    return states[(int) (cluster - first)];
  }

  void set(long cluster, byte state) {
    states[(int) (cluster - first)] = state;
  }

  /** Whether a cluster is this request's to decompress, and has not been. */
  boolean owns(long cluster) {
    return cluster >= first && cluster < end && (get(cluster) == READ || get(cluster) == BYPASS);
  }

  void follow(long cluster, ErofsRead request) {
    if (followerCount == followers.length) {
      followers = Arrays.copyOf(followers, followerCount * 2);
      followed = Arrays.copyOf(followed, followerCount * 2);
    }
    followers[followerCount] = request;
    followed[followerCount++] = cluster;
  }

  /** Takes one of those who wait for a cluster; null if none is left. */
  ErofsRead takeFollower(long cluster) {
    for (int i = 0; i < followerCount; i++) {
      if (followed[i] == cluster) {
        ErofsRead request = followers[i];
        followerCount--;
        // The order of what is left stays: it is that of the requests.
        System.arraycopy(followers, i + 1, followers, i, followerCount - i);
        System.arraycopy(followed, i + 1, followed, i, followerCount - i);
        followers[followerCount] = null;
        return request;
      }
    }
    return null;
  }

  /** The last byte's successor that one of those who wait for a cluster wants, or {@code own}. */
  long wantedEnd(long cluster, long own) {
    long wanted = own;
    for (int i = 0; i < followerCount; i++) {
      if (followed[i] == cluster) {
        wanted = Math.max(wanted, followers[i].endBytes());
      }
    }
    return wanted;
  }
}
