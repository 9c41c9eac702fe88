// How much one alert may say, whatever its wire format. What identifies an alert is refused when it
// is too long; what only explains it is cut, because a page must not be lost for a long text.
#pragma once

#include <chrono>
#include <cstddef>

namespace tocsin::connectors::sources {

inline constexpr std::size_t kMostLabels = 64;
inline constexpr std::size_t kMostLabelNameBytes = 1024;
inline constexpr std::size_t kMostLabelValueBytes = 4096;
inline constexpr std::size_t kMostAnnotations = 64;
inline constexpr std::size_t kMostAnnotationBytes = 64u << 10;  // of one alert, names and values
inline constexpr std::size_t kMostGeneratorUrlBytes = 2048;     // a longer one is left out
inline constexpr std::size_t kMostJsonDepth = 64;
inline constexpr std::size_t kMostRejectedShown = 10;  // in an answer; the rest is counted

}  // namespace tocsin::connectors::sources
