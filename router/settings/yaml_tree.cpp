#include "router/settings/yaml_tree.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <unordered_map>

#include "router/core/text.hpp"
#include "router/settings/report.hpp"
#include "router/settings/settings.hpp"
#include "router/settings/yaml_text.hpp"

namespace tocsin::settings {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool is_text(std::string_view bytes) {
  while (!bytes.empty()) {
    const Character character = first_character(bytes);
    if (!character.valid) return false;
    bytes.remove_prefix(character.length);
  }
  return true;
}

/// Thrown through yaml-cpp when there is no use in reading on; the fault is in the tree already.
struct Enough {};

/// Builds the tree from yaml-cpp's events; YAML::Load would take the first of two equal keys and
/// forget the positions.
/// In bytes. yaml-cpp may be past the end when a file ends within an escape.
std::size_t place_of(const YAML::Mark& mark, std::string_view source) {
  return std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), source.size());
}

class Builder final : public YAML::EventHandler {
 public:
  Builder(std::string_view source, Whose whose, Tree& tree)
      : source_(source), whose_(whose), tree_(tree) {}

  /// What was open, and what came last, when the reading stopped.
  void describe(Stop& stop) const {
    stop.quote = last_quote_;
    if (stack_.empty()) return;
    stop.opened_line = stack_.back().node.line;
    stop.opened_column = stack_.back().node.column;
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0)
      give_up(mark,
              "a second document begins here; keep one in each file, and check the indentation");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    place(make(mark, Node::Kind::null, anchor));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    fault(mark, "aliases are refused; write the value out");
    place(make(mark, Node::Kind::broken, 0));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node = make(mark, Node::Kind::scalar, anchor);
    // yaml-cpp tags what is not plain with "!"; a "!" of the file's own is refused by make().
    node.quoted = tag == "!";
    node.text = value;
    const std::size_t offset = offset_of(mark);
    const char first = offset < source_.size() ? source_[offset] : '\0';
    if (node.quoted && (first == '"' || first == '\'')) {
      last_quote_ = offset;
      if (!closing_quote(source_, offset)) give_up(mark, "this quote is not closed; close it");
      if (source_.substr(offset + 1).starts_with(value + first)) node.text_column = node.column + 1;
    } else if (!node.quoted && source_.substr(offset).starts_with(value)) {
      node.text_column = node.column;
    }
    if (!is_text(value)) {
      // yaml-cpp writes the escapes for U+0085 and U+00A0 as single bytes.
      if (node.kind != Node::Kind::broken)
        fault(mark, "the escapes \\N and \\_ are refused; write \\u0085 or \\u00a0");
      node.kind = Node::Kind::broken;
    }
    if (whose_ == Whose::ours && !node.quoted && value.find("${") != std::string::npos) {
      if (node.kind != Node::Kind::broken)
        fault(mark, "${…} outside quotes stays as it is written; quote it: \"${NAME}\"");
      node.kind = Node::Kind::broken;
    }
    place(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    push(mark, make(mark, Node::Kind::sequence, anchor));
  }
  void OnSequenceEnd() override { pop(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    push(mark, make(mark, Node::Kind::map, anchor));
  }
  void OnMapEnd() override { pop(); }

 private:
  struct Frame {
    Node node;
    bool map = false;  // node.kind may be broken
    std::optional<Entry> pending;
    std::unordered_map<std::string, int> seen;  // key → line
  };

  std::size_t offset_of(const YAML::Mark& mark) const { return place_of(mark, source_); }

  void fault(const YAML::Mark& mark, std::string what) {
    tree_.faults.push_back({mark.line + 1, mark.column + 1, std::move(what)});
  }
  [[noreturn]] void give_up(const YAML::Mark& mark, std::string what) {
    fault(mark, std::move(what));
    throw Enough{};
  }

  Node make(const YAML::Mark& mark, Node::Kind kind, YAML::anchor_t anchor) {
    if (++nodes_ > kMostNodes)
      give_up(mark,
              "more than " + std::to_string(kMostNodes) + " values in one file; split the file");
    const bool tag = offset_of(mark) < source_.size() && source_[offset_of(mark)] == '!';
    if (anchor != 0)
      fault(mark, "anchors are refused; remove it and write the value out where it is used");
    if (tag) fault(mark, "tags are refused; remove it, or quote the text");
    Node node;
    node.kind = anchor != 0 || tag ? Node::Kind::broken : kind;
    node.line = mark.line + 1;
    node.column = mark.column + 1;
    return node;
  }

  void push(const YAML::Mark& mark, Node node) {
    if (stack_.size() >= kMostDepth)
      give_up(mark, "nested more than " + std::to_string(kMostDepth) + " deep; check the brackets");
    const bool map = node.kind == Node::Kind::map;
    stack_.push_back({std::move(node), map, {}, {}});
  }
  void pop() {
    Node node = std::move(stack_.back().node);
    stack_.pop_back();
    place(std::move(node));
  }

  void place(Node node) {
    if (stack_.empty()) {
      tree_.root = std::move(node);
      return;
    }
    Frame& parent = stack_.back();
    if (!parent.map) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.pending) {
      parent.pending = Entry{std::move(node.text), node.line, node.column, {}};
      check_key(parent, node);
    } else {
      if (node.kind == Node::Kind::null) {
        // yaml-cpp notices only behind it that there is nothing; people look at the key.
        node.line = parent.pending->line;
        node.column = parent.pending->column;
      }
      parent.pending->value = std::move(node);
      if (!parent.pending->key.empty()) parent.node.entries.push_back(std::move(*parent.pending));
      parent.pending.reset();
    }
  }

  /// A key that is refused becomes an empty one, and place() drops it with its value.
  void check_key(Frame& parent, const Node& node) {
    std::string& key = parent.pending->key;
    const auto refuse = [&](std::string what) {
      if (node.kind != Node::Kind::broken)
        tree_.faults.push_back({node.line, node.column, std::move(what)});
      key.clear();
    };
    if (node.kind != Node::Kind::scalar || key.empty())
      return refuse("a key must be text; write key: value");
    if (key == "<<" && !node.quoted) return refuse("merge keys are refused; write the values out");
    const auto [first, is_new] = parent.seen.emplace(key, node.line);
    if (!is_new)
      refuse("the key " + shown(key) + " of line " + std::to_string(first->second) +
             " again; keep one of the two");
  }

  std::string_view source_;
  Whose whose_;
  Tree& tree_;
  std::vector<Frame> stack_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
  std::optional<std::size_t> last_quote_;
};

void explain_stop(const YAML::Exception& error, std::string_view text, const Builder& builder,
                  Tree& tree) {
  Stop stop{error.msg, place_of(error.mark, text), error.mark.line + 1, error.mark.column + 1};
  builder.describe(stop);
  std::string what = explain(text, stop);
  tree.faults.push_back({stop.line, stop.column, std::move(what)});
}

}  // namespace

Tree parse_yaml(std::string_view text, Whose whose) {
  Tree tree;
  if (text.size() > kMostFileBytes) {
    tree.faults.push_back({0, 0, "larger than 1 MiB; split the file"});
    return tree;
  }
  // yaml-cpp counts positions from after the mark, and so do we.
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (const auto bad = find_bad_byte(text)) {
    const std::string_view before = text.substr(0, bad->offset);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t start = before.rfind('\n') + 1;  // npos + 1 is 0
    tree.faults.push_back(
        {static_cast<int>(line), static_cast<int>(bad->offset - start) + 1, bad->what});
    return tree;
  }
  Builder builder(text, whose, tree);
  try {
    std::istringstream input{std::string(text)};
    YAML::Parser parser(input);
    while (parser.HandleNextDocument(builder)) {
    }
    tree.usable = true;
  } catch (const Enough&) {
  } catch (const YAML::Exception& error) {
    explain_stop(error, text, builder, tree);
  } catch (const std::exception& error) {
    tree.faults.push_back({0, 0, std::string("not YAML: ") + error.what() + "; check the file"});
  }
  if (!tree.usable) tree.root = Node{};
  return tree;
}

}  // namespace tocsin::settings
