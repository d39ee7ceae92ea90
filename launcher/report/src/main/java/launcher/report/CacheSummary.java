package launcher.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the page cache and the file system did. Pages are of 4 KiB.
 *
 * @param droppedPages removed by dropbehind
 * @param leftCachedPages that dropbehind tried to remove and left, once for each try
 * @param leftCachedByReason the same by reason, in the order of the reasons
 * @param peakCachedPages most pages cached at once
 * @param peakDirtyPages most pages dirty at once
 * @param peakWritebackPages most pages under writeback at once
 * @param endCachedPages cached at the end
 * @param endDirtyPages dirty at the end
 * @param reclaimedPages freed by reclaim
 * @param refaultedPages that came back after reclaim had freed them
 * @param throttles number of pauses that writers were put into
 * @param throttledNs length of these pauses
 * @param logWaits transactions that slept until the journal had space for them
 * @param logWaitedNs how long they slept, added up
 */
public record CacheSummary(
    long droppedPages,
    long leftCachedPages,
    Map<String, Long> leftCachedByReason,
    long peakCachedPages,
    long peakDirtyPages,
    long peakWritebackPages,
    long endCachedPages,
    long endDirtyPages,
    long reclaimedPages,
    long refaultedPages,
    long throttles,
    long throttledNs,
    long logWaits,
    long logWaitedNs) {
  /** Copies the reasons. */
  public CacheSummary {
    leftCachedByReason = Collections.unmodifiableMap(new LinkedHashMap<>(leftCachedByReason));
  }
}
