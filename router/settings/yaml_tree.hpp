// One YAML document as a tree that remembers where everything stands and how it was written.
//
// It takes less than YAML: no anchors, aliases, merge keys or tags, no equal keys, no second
// document, and no text that is not UTF-8; each is a fault with its position. What a scalar means
// (a number, a yes) is not decided here: text stays as written, so `0123` is not 83 and `no` is not
// false.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tocsin::settings {

struct Entry;

struct Node {
  enum class Kind {
    null,
    scalar,
    sequence,
    map,
    broken,  // its fault is told already: whoever reads it stays silent
  };

  Kind kind = Kind::null;
  int line = 0;  // from 1; 0 for an empty file
  int column = 0;
  std::string text;     // scalars
  bool quoted = false;  // scalars: in quotes, or a block of lines
  int text_column = 0;  // where `text` stands byte for byte as written; 0: it was escaped or folded
  std::vector<Node> items;     // sequences
  std::vector<Entry> entries;  // maps, in their order
};

struct Entry {
  std::string key;
  int line = 0;
  int column = 0;
  Node value;
};

struct YamlFault {
  int line = 0;
  int column = 0;
  std::string what;
};

struct Tree {
  bool usable = false;  // false: the file could not be read to its end, so nothing can be said of
                        // what it lacks
  Node root;
  std::vector<YamlFault> faults;
};

/// Whose file it is. In one of ours a "${" outside quotes is a fault, as it would not be filled in;
/// in one of another program's it means nothing.
enum class Whose { ours, others };
Tree parse_yaml(std::string_view text, Whose whose = Whose::ours);

/// Deeper than any configuration, far less than what would hurt.
inline constexpr std::size_t kMostDepth = 32;

}  // namespace tocsin::settings
