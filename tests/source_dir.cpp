#include "tests/source_dir.hpp"

namespace tocsin::tests {

const std::string& source_dir() {
  static const std::string kDirectory = TOCSIN_SOURCE_DIR;
  return kDirectory;
}

}  // namespace tocsin::tests
