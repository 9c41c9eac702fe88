// Where the sources are: for tests that read them. Known to one file alone, so that all others are
// the same to a compiler's cache wherever the tree stands.
#pragma once

#include <string>

namespace tocsin::tests {

/// Without a slash at its end.
const std::string& source_dir();

}  // namespace tocsin::tests
