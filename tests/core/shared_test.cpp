// Values that share, and pieces that are packed.
#include "router/core/shared.hpp"
#include "router/core/packed.hpp"
#include "router/core/shared_text.hpp"
#include "tests/catch.hpp"

using namespace tocsin;

TEST_CASE("a text reads and compares as what it was made of and its copies are one") {
  const std::string words = "the disk is full", other = "the disk is empty";
  const SharedText text = words, again = words;
  const SharedText copy = text;  // NOLINT: that is what is tested
  CHECK(text == words);
  CHECK(text == again);
  CHECK(text != SharedText(other));
  CHECK(copy.is_same_as(text));
  CHECK_FALSE(again.is_same_as(text));
  CHECK((SharedText("a") < SharedText("b") && SharedText() < SharedText("a")));
  CHECK(text + " now" == "the disk is full now");
  CHECK("now " + text == "now the disk is full");
  CHECK(SharedText("") == SharedText());
  CHECK((SharedText().empty() && SharedText().view().empty()));
  CHECK(SharedText(std::string_view("a\0b", 3)).size() == 3);
  CHECK(std::hash<SharedText>()(text) == TextHash()(words));
  CHECK_FALSE(text.is_alone());
  CHECK(again.is_alone());
  SharedText grown = text;
  grown += "!";
  CHECK(grown == "the disk is full!");
  CHECK(text == words);
  CHECK(sizeof(SharedText) == sizeof(void*));
}

TEST_CASE("a shared value that is changed leaves its copies as they were") {
  Shared<std::string> one = std::string("one");
  const Shared<std::string> copy = one;
  CHECK(copy.is_same_as(one));
  one.edit() += " more";
  CHECK(*one == "one more");
  CHECK(*copy == "one");
  CHECK_FALSE(one == copy);
  CHECK(Shared<std::string>() == Shared<std::string>(std::string()));
  Shared<std::string> none;
  none.edit() = "some";
  CHECK(*none == "some");
  CHECK(Shared<std::string>()->empty());
}

TEST_CASE("a rare value copies and compares as an optional does") {
  Rare<std::string> none, some = std::string("some");
  Rare<std::string> copy = some;
  copy->append(" more");
  CHECK(*some == "some");
  CHECK((!none && some && copy && !(some == copy) && none == Rare<std::string>()));
  copy = none;
  CHECK_FALSE(copy.has_value());
  CHECK(std::optional<std::string>(some) == "some");
  CHECK(none.value_or("other") == "other");
  const std::optional<std::string> no_text, text = "some";
  CHECK((none == no_text && no_text == none && none == std::nullopt));
  CHECK((some == text && text == some && !(none == text) && !(text == none) && !(some == no_text)));
  some.reset();
  CHECK(some == none);
}

TEST_CASE("packed pieces come back as they were and what is damaged or cut off does not") {
  std::vector<std::string> pieces;
  std::string noise = "x";
  for (std::size_t i = 0; i < 200; ++i) {
    for (char& c : noise) c = static_cast<char>(c * 7 + static_cast<char>(i));
    pieces.push_back(std::to_string(i) + std::string(i * i, 'a') + noise);
    noise += noise.size() < 4'000 ? noise : "";
  }
  Packer packer;
  for (const std::string& piece : pieces) packer.add(piece);
  packer.add("");
  const std::string packed = packer.take();
  REQUIRE(is_packed(packed));
  const auto all_of = [](std::string_view bytes) {
    std::vector<std::string> all;
    Unpacker unpacker(bytes);
    for (auto piece = unpacker.next(); !piece.empty(); piece = unpacker.next())
      all.emplace_back(piece);
    return std::pair(all, unpacker.is_whole());
  };
  CHECK(all_of(packed) == std::pair(pieces, true));
  for (std::size_t size = 0; size < packed.size(); size += 101)
    CHECK_FALSE(all_of(std::string_view(packed).substr(0, size)).second);
  for (std::size_t place = 0; place < packed.size(); place += 1'009) {
    std::string damaged = packed;
    damaged[place] ^= 0x10;
    const auto [found, whole] = all_of(damaged);
    CHECK((!whole || found == pieces));  // the head says nothing of the content in some places
  }
  CHECK_FALSE(all_of(packed + "x").second);
  CHECK(all_of(Packer().take()) == std::pair(std::vector<std::string>(), true));
}
