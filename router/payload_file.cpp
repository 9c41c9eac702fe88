#include "router/payload_file.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>

namespace tocsin {

Result<std::string> read_payload(const std::string& path) {
  if (std::error_code fault; path != "-" && std::filesystem::is_directory(path, fault))
    return not_found(path + " is a directory; give a file, or - for standard input");
  std::ifstream file;
  if (path != "-") {
    file.open(path, std::ios::binary);
    if (!file) return not_found(path + ": cannot be read");
  }
  std::istream& in = path == "-" ? std::cin : file;
  // One byte more than allowed tells that there are more, and a pipe that never ends is left.
  std::string content(kMostPayloadBytes + 1, '\0');
  in.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad()) return not_found(path + ": cannot be read to its end");
  if (content.size() > kMostPayloadBytes)
    return invalid(path + " is larger than the 16 MiB that tocsin takes");
  return content;
}

}  // namespace tocsin
